import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactElement, type SubmitEvent } from 'react';
import { useNavigate } from 'react-router';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import styles from '../../components/dialog-form.module.css';
import { ErrorNotice } from '../../components/error-notice.js';
import { AreaField, SelectField, TextField } from '../../components/field.js';
import { modelsQuery } from '../../data/queries.js';
import { trainingKeys } from '../../data/training-queries.js';
import { useClient } from '../../session/session-context.js';
import { NEW_JOB, TASKS, toJobRequest, type JobDraft } from '../../training/job-draft.js';

/** Starts a training job and opens it. */
export function CreateJobDialog(props: { onClose: () => void }): ReactElement {
  const client = useClient();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const models = useQuery(modelsQuery(client));
  const listId = useId();
  const [draft, setDraft] = useState(NEW_JOB);
  const [data, setData] = useState<File>();
  const [heldOut, setHeldOut] = useState<File>();
  const set =
    <Name extends keyof JobDraft>(name: Name) =>
    (event: { target: { value: string } }): void =>
      setDraft((before) => ({ ...before, [name]: event.target.value }));
  const upload = async (file: File): Promise<string> =>
    (await client.training.uploadFile({ name: file.name, text: await file.text() })).id;
  const create = useMutation({
    async mutationFn() {
      const request = toJobRequest(draft);
      if (data === undefined) throw new Error('Choose a file of training data.');
      return client.training.create({
        ...request,
        trainingFile: await upload(data),
        ...(heldOut !== undefined && { validationFile: await upload(heldOut) }),
      });
    },
    async onSuccess(job) {
      await queryClient.invalidateQueries({ queryKey: trainingKeys.jobs });
      await navigate(`/training/${encodeURIComponent(job.id)}`);
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    create.mutate();
  };
  const known = models.data?.filter(
    ({ kind, provider, id }) =>
      kind === 'language-model' && provider === 'espalier' && id !== 'extractive',
  );

  return (
    <Dialog title="New training job" onClose={props.onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <TextField
          label="Model to begin from"
          required={draft.settingsFrom === 'form'}
          autoFocus
          list={listId}
          value={draft.model}
          onChange={set('model')}
          hint="One of the server’s configured models, or a version of the registry."
        />
        <datalist id={listId}>
          {known?.map(({ id }) => (
            <option key={id} value={id} />
          ))}
        </datalist>
        <div className={styles['columns']}>
          <SelectField label="Task" value={draft.task} onChange={set('task')}>
            {TASKS.map(({ task, label }) => (
              <option key={task} value={task}>
                {label}
              </option>
            ))}
          </SelectField>
          <TextField
            label="Name of the result (optional)"
            maxLength={64}
            value={draft.register}
            onChange={set('register')}
          />
        </div>
        <div className={styles['columns']}>
          <TextField
            label="Training data"
            type="file"
            required
            accept=".jsonl,.json,.txt"
            onChange={(event) => setData(event.target.files?.[0])}
            hint="JSONL: one example a line."
          />
          <TextField
            label="Held-out data (optional)"
            type="file"
            accept=".jsonl,.json,.txt"
            onChange={(event) => setHeldOut(event.target.files?.[0])}
            hint="Only evaluated, never learned."
          />
        </div>
        <fieldset className={styles['choice']}>
          <legend>Settings</legend>
          {(['form', 'file'] as const).map((from) => (
            <label key={from}>
              <input
                type="radio"
                name="settings-from"
                value={from}
                checked={draft.settingsFrom === from}
                onChange={set('settingsFrom')}
              />{' '}
              {from === 'form' ? 'The usual ones' : 'A job file (YAML or JSON)'}
            </label>
          ))}
        </fieldset>
        {draft.settingsFrom === 'form' ? (
          <UsualSettings draft={draft} set={set} />
        ) : (
          <AreaField
            label="Job file"
            required
            spellCheck={false}
            value={draft.file}
            onChange={set('file')}
            placeholder={'max_steps: 400\nlearning_rate: 2e-4\nlora: { r: 8 }'}
            hint="As “espalier train” takes it. Paths in it are left out: the server has its own."
          />
        )}
        {create.isError && <ErrorNotice error={create.error} />}
        <div className={styles['actions']}>
          <Button onClick={props.onClose}>Close</Button>
          <Button kind="primary" type="submit" disabled={create.isPending}>
            {create.isPending ? 'Starting…' : 'Start training'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function UsualSettings(props: {
  draft: JobDraft;
  set: (name: keyof JobDraft) => (event: { target: { value: string } }) => void;
}): ReactElement {
  const { draft, set } = props;
  return (
    <div className={styles['columns']}>
      <TextField
        label="Steps"
        type="number"
        required
        min={1}
        value={draft.maxSteps}
        onChange={set('maxSteps')}
      />
      <TextField
        label="Rows a step"
        type="number"
        required
        min={1}
        value={draft.batchSize}
        onChange={set('batchSize')}
      />
      <TextField
        label="Learning rate"
        inputMode="decimal"
        required
        pattern="[0-9]*\.?[0-9]+([eE][\-+]?[0-9]+)?"
        value={draft.learningRate}
        onChange={set('learningRate')}
      />
      <TextField
        label="Rank of the adapter"
        type="number"
        min={1}
        value={draft.rank}
        onChange={set('rank')}
        hint="Empty: train the whole model."
      />
      <TextField
        label="Steps between evaluations"
        type="number"
        min={0}
        value={draft.evalSteps}
        onChange={set('evalSteps')}
        hint="Empty: only at the end."
      />
      {draft.task === 'sft' && (
        <SelectField label="Learn from" value={draft.lossOn} onChange={set('lossOn')}>
          <option value="assistant">the assistant’s turns</option>
          <option value="completion">completions</option>
          <option value="all">everything</option>
        </SelectField>
      )}
    </div>
  );
}
