import { useState, type ReactElement, type SubmitEvent } from 'react';
import { Button } from '../../components/button.js';
import { SelectField, TextField } from '../../components/field.js';
import styles from './search-form.module.css';

/** A search as the address of the page holds it. */
export interface SearchInput {
  readonly query: string;
  readonly knowledgeBase: string;
  readonly topK: number;
}

const COUNTS = [5, 10, 20, 50];

/** Where a query is written, and what it is looked for in. */
export function SearchForm(props: {
  knowledgeBases: readonly string[];
  initial: SearchInput;
  isBusy: boolean;
  onSearch: (input: SearchInput) => void;
}): ReactElement {
  const [query, setQuery] = useState(props.initial.query);
  const [knowledgeBase, setKnowledgeBase] = useState(props.initial.knowledgeBase);
  const [topK, setTopK] = useState(props.initial.topK);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (query.trim() !== '') props.onSearch({ query: query.trim(), knowledgeBase, topK });
  };
  return (
    <form className={styles['form']} onSubmit={submit} role="search" aria-label="Debug a search">
      <TextField
        label="Query"
        className={styles['query']}
        value={query}
        maxLength={8192}
        placeholder="What an agent would look for"
        onChange={(event) => setQuery(event.target.value)}
      />
      <SelectField
        label="Knowledge base"
        value={knowledgeBase}
        onChange={(event) => setKnowledgeBase(event.target.value)}
      >
        {props.knowledgeBases.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Passages"
        value={String(topK)}
        onChange={(event) => setTopK(Number(event.target.value))}
      >
        {COUNTS.map((count) => (
          <option key={count} value={count}>
            {count}
          </option>
        ))}
      </SelectField>
      <Button kind="primary" type="submit" disabled={query.trim() === '' || props.isBusy}>
        Search
      </Button>
    </form>
  );
}
