import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '../../components/button.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { trainingKeys } from '../../data/training-queries.js';
import { useClient } from '../../session/session-context.js';
import { isFinalJob } from '../../training/job-status.js';
import type { TrainingJob } from '../../training/training-job.js';

/** Pauses, resumes or cancels a job, as its state allows. */
export function JobActions(props: { job: TrainingJob }): ReactElement | null {
  const { id, status, register } = props.job;
  const client = useClient();
  const queryClient = useQueryClient();
  const [isCancelling, setIsCancelling] = useState(false);
  const act = useMutation({
    mutationFn: (what: 'pause' | 'resume' | 'cancel') => client.training[what]({ id }),
    onSuccess: (job) => {
      queryClient.setQueryData(trainingKeys.job(id), job);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: trainingKeys.jobs }),
  });
  if (isFinalJob(status)) return null;
  return (
    <>
      {status === 'paused' ? (
        <Button kind="primary" disabled={act.isPending} onClick={() => act.mutate('resume')}>
          Resume
        </Button>
      ) : (
        <Button disabled={act.isPending} onClick={() => act.mutate('pause')}>
          {act.isPending && act.variables === 'pause' ? 'Pausing…' : 'Pause'}
        </Button>
      )}
      <Button kind="danger" disabled={act.isPending} onClick={() => setIsCancelling(true)}>
        Cancel job
      </Button>
      {act.isError && <ErrorNotice error={act.error} />}
      {isCancelling && (
        <ConfirmDialog
          title="Cancel this job?"
          action="Cancel job"
          onConfirm={async () => {
            await act.mutateAsync('cancel');
          }}
          onClose={() => setIsCancelling(false)}
        >
          “{register}” ends at once and cannot be resumed. To go on later, pause it.
        </ConfirmDialog>
      )}
    </>
  );
}
