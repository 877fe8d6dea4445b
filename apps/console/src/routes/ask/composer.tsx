import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type SubmitEvent,
} from 'react';
import { Button } from '../../components/button.js';
import { SelectField } from '../../components/field.js';
import type { AskChoices } from './use-ask-choices.js';
import styles from './composer.module.css';

/** Where a question is written and sent, with what it is asked of. */
export function Composer(props: {
  choices: AskChoices;
  isBusy: boolean;
  /** Whether nothing was asked yet: then it says how it is used. */
  isFirst: boolean;
  onAsk: (question: string) => void;
  onStop: () => void;
}): ReactElement {
  const { choices, isBusy } = props;
  const [question, setQuestion] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  /** Asked before the choices were loaded: it is sent when they are. */
  const [isWaiting, setIsWaiting] = useState(false);
  const isReady = choices.selection !== undefined;
  const canAsk = question.trim() !== '' && !isBusy;

  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight + 2, 220)}px`;
  }, [question]);

  const send = (): void => {
    if (!canAsk) return;
    setIsWaiting(!isReady);
    if (!isReady) return;
    props.onAsk(question.trim());
    setQuestion('');
    area.current?.focus();
  };
  const sendWhenReady = useEffectEvent(send);
  useEffect(() => {
    if (isWaiting && isReady) sendWhenReady();
  }, [isWaiting, isReady]);

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    send();
  };

  const sendOnEnter = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // While an input method composes, Enter accepts its suggestion.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form className={styles['composer']} onSubmit={submit} aria-label="Ask a question">
      <label htmlFor="question" className="visually-hidden">
        Your question
      </label>
      <textarea
        id="question"
        ref={area}
        rows={1}
        className={styles['question']}
        placeholder="Ask your documents…"
        value={question}
        aria-describedby="question-hint"
        onChange={(event) => {
          setQuestion(event.target.value);
          setIsWaiting(false);
        }}
        onKeyDown={sendOnEnter}
        autoFocus
      />
      <div className={styles['controls']}>
        {choices.agents.length > 1 && (
          <SelectField
            label="Agent"
            value={choices.agent?.name ?? ''}
            onChange={(event) => choices.chooseAgent(event.target.value)}
          >
            {choices.agents.map((agent) => (
              <option key={agent.name} value={agent.name}>
                {agent.name}
              </option>
            ))}
          </SelectField>
        )}
        <SelectField
          label="Knowledge base"
          value={choices.knowledgeBase ?? ''}
          onChange={(event) => choices.chooseKnowledgeBase(event.target.value)}
        >
          {choices.agent?.knowledgeBase === null && <option value="">None</option>}
          {choices.knowledgeBases.map((base) => (
            <option key={base.name} value={base.name}>
              {base.name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Model"
          value={choices.model ?? ''}
          onChange={(event) => choices.chooseModel(event.target.value)}
        >
          {choices.models.map((model) => (
            <option key={model.id} value={model.id}>
              {model.id}
            </option>
          ))}
        </SelectField>
        <div className={styles['act']}>
          {isBusy ? (
            <Button onClick={props.onStop}>Stop</Button>
          ) : (
            <Button kind="primary" type="submit" disabled={!canAsk} aria-busy={isWaiting}>
              Ask
            </Button>
          )}
        </div>
      </div>
      <p id="question-hint" className={props.isFirst ? styles['hint'] : 'visually-hidden'}>
        <kbd>Enter</kbd> asks, <kbd>Shift</kbd> + <kbd>Enter</kbd> begins a new line. Each question
        stands on its own.
      </p>
    </form>
  );
}
