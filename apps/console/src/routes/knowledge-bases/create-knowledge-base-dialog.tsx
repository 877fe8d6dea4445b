import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import { useNavigate } from 'react-router';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { TextField } from '../../components/field.js';
import { queryKeys } from '../../data/queries.js';
import { useClient } from '../../session/session-context.js';
import styles from '../../components/dialog-form.module.css';

/** Makes a knowledge base and opens it. */
export function CreateKnowledgeBaseDialog(props: { onClose: () => void }): ReactElement {
  const client = useClient();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const create = useMutation({
    mutationFn: () =>
      client.knowledgeBases.create({
        name: name.trim(),
        ...(description.trim() === '' ? {} : { description: description.trim() }),
      }),
    async onSuccess(base) {
      await queryClient.invalidateQueries({ queryKey: queryKeys.knowledgeBases });
      await navigate(`/knowledge-bases/${encodeURIComponent(base.name)}`);
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog title="New knowledge base" onClose={props.onClose}>
      <form onSubmit={submit} className={styles['form']}>
        <TextField
          label="Name"
          required
          autoFocus
          maxLength={64}
          pattern="[a-z0-9]([a-z0-9._\-]{0,62}[a-z0-9])?"
          value={name}
          onChange={(event) => setName(event.target.value)}
          hint="Lower-case letters, digits, “.”, “_” and “-”; it cannot be changed later."
        />
        <TextField
          label="Description (optional)"
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
        {create.isError && <ErrorNotice error={create.error} />}
        <div className={styles['actions']}>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={create.isPending}>
            {create.isPending ? 'Creating…' : 'Create'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
