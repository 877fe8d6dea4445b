import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { SelectField, TextField } from '../../components/field.js';
import { useClient } from '../../session/session-context.js';
import type { ModelGroup } from './group-versions.js';
import styles from './model-page.module.css';

/** The aliases of a model: names of its own choosing that point at a version. */
export function AliasForm(props: {
  group: ModelGroup;
  onChanged: () => Promise<void>;
}): ReactElement {
  const { name, versions, aliases } = props.group;
  const client = useClient();
  const [alias, setAlias] = useState('');
  const [reference, setReference] = useState(versions[0]?.reference ?? '');
  const change = useMutation({
    mutationFn: (to: { alias: string; reference: string | null }) =>
      client.registry.setAlias({ name, ...to }),
    onSuccess: () => setAlias(''),
    onSettled: props.onChanged,
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    change.mutate({ alias: alias.trim(), reference });
  };
  return (
    <section className={styles['section']}>
      <h2>Aliases</h2>
      {aliases.length > 0 && (
        <ul className={styles['aliases']}>
          {aliases.map((one) => (
            <li key={one.alias}>
              <code>
                {name}@{one.alias}
              </code>{' '}
              → {one.version}
              <Button
                kind="quiet"
                disabled={change.isPending}
                onClick={() => change.mutate({ alias: one.alias, reference: null })}
                aria-label={`Remove alias ${one.alias}`}
              >
                <span aria-hidden="true">✕</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className={styles['row']}>
        <TextField
          label="Alias"
          required
          maxLength={64}
          pattern="[A-Za-z][A-Za-z0-9._\-]*"
          value={alias}
          onChange={(event) => setAlias(event.target.value)}
        />
        <SelectField
          label="Points at"
          value={reference}
          onChange={(event) => setReference(event.target.value)}
        >
          {versions.map((version) => (
            <option key={version.reference}>{version.reference}</option>
          ))}
        </SelectField>
        <Button type="submit" disabled={change.isPending}>
          Set alias
        </Button>
      </form>
      {change.isError && <ErrorNotice error={change.error} />}
    </section>
  );
}
