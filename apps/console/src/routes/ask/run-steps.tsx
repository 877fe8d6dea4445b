import type { ReactElement, ReactNode } from 'react';
import { Badge } from '../../components/badge.js';
import { formatCost, formatCount, formatInteger } from '../../format/format-number.js';
import { formatDuration } from '../../format/format-duration.js';
import type { Passage, RailReport, RunStep, RunView } from '../../runs/run-view.js';
import { PassageList } from './passage-list.js';
import styles from './run-steps.module.css';

/** Every step of a run, in order, along a trunk: what was found, checked, sent and used. */
export function RunSteps(props: {
  view: RunView;
  elapsedMs: number | undefined;
  onOpenPassage: (passage: Passage) => void;
}): ReactElement {
  const { view, elapsedMs } = props;
  return (
    <section className={styles['panel']} aria-label="How this answer came about">
      <h3>How this answer came about</h3>
      <ol className={styles['trunk']}>
        {view.steps.map((step, index) => (
          <li key={index} className={styles['branch']}>
            <StepView step={step} onOpenPassage={props.onOpenPassage} />
          </li>
        ))}
      </ol>
      <Totals view={view} elapsedMs={elapsedMs} />
    </section>
  );
}

function StepView(props: {
  step: RunStep;
  onOpenPassage: (passage: Passage) => void;
}): ReactElement {
  const { step } = props;
  switch (step.kind) {
    case 'retrieval':
      return (
        <Step
          title="Searched"
          time={step.durationMs}
          facts={
            <>
              <span>{formatCount(step.passages.length, 'passage')}</span>
              {!step.hasEvidence && <Badge tone="notice">little evidence</Badge>}
            </>
          }
        >
          <p className={styles['note']}>
            by <code>{step.retriever}</code> for “{step.query}”
          </p>
          <PassageList passages={step.passages} onOpen={props.onOpenPassage} />
        </Step>
      );
    case 'model':
      return <ModelStep step={step} />;
    case 'rails':
      return <RailsStep step={step} />;
    case 'tool':
      return (
        <Step
          title={`Used ${step.toolName}`}
          time={step.outcome?.durationMs}
          facts={step.outcome?.isError === true && <Badge tone="bad">failed</Badge>}
        >
          <More label="Input and result">
            <pre>{JSON.stringify(step.input, undefined, 2)}</pre>
            {step.outcome !== undefined && (
              <pre>{JSON.stringify(step.outcome.output, undefined, 2)}</pre>
            )}
          </More>
        </Step>
      );
    case 'warning':
      return (
        <Step title="Note" facts={<Badge tone="notice">warning</Badge>}>
          <p className={styles['note']}>{step.message}</p>
        </Step>
      );
    default:
      return step satisfies never;
  }
}

function ModelStep({ step }: { step: RunStep & { kind: 'model' } }): ReactElement {
  const { outcome } = step;
  const tokens = outcome === undefined ? undefined : tokensLabel(outcome.usage);
  return (
    <Step
      title={outcome === undefined ? 'Answering' : 'Answered'}
      time={outcome?.durationMs}
      facts={tokens !== undefined && <span>{tokens}</span>}
    >
      <p className={styles['note']}>
        by <code>{step.modelId}</code>
        {step.provider !== '' && ` of ${step.provider}`}
        {outcome !== undefined &&
          outcome.finishReason !== 'stop' &&
          `, ended by ${outcome.finishReason}`}
      </p>
      <More label={`Everything that was sent (${formatCount(step.messages.length, 'message')})`}>
        {step.messages.map((message, index) => (
          <div key={index} className={styles['message']}>
            <span className={styles['role']}>{message.role}</span>
            <pre>{messageLabel(message.content)}</pre>
          </div>
        ))}
      </More>
    </Step>
  );
}

const POINTS: Readonly<Record<RailReport['point'], string>> = {
  input: 'the question',
  output: 'the answer',
  retrieval: 'the passages',
  'tool-call': 'the tool call',
  'tool-result': 'the tool’s result',
  conversation: 'the conversation',
};

function RailsStep({ step }: { step: RunStep & { kind: 'rails' } }): ReactElement {
  const actions = step.reports.filter((report) => report.verdict.action !== 'allow');
  return (
    <Step
      title={`Checked ${POINTS[step.point]}`}
      time={step.durationMs}
      facts={actions.every(({ isDryRun }) => isDryRun === true) && <Badge tone="good">clear</Badge>}
    >
      <p className={styles['note']}>
        by{' '}
        {step.rails.map((rail, index) => (
          <span key={rail}>
            {index > 0 && ', '}
            <code>{rail}</code>
          </span>
        ))}
      </p>
      {actions.length > 0 && (
        <ul className={styles['verdicts']}>
          {actions.map((report, index) => (
            <li key={index}>
              <Verdict report={report} />
            </li>
          ))}
        </ul>
      )}
    </Step>
  );
}

/** What a rail decided and found; one that only records is said to do so. */
function Verdict({ report }: { report: RailReport }): ReactElement {
  const { verdict, rail, isDryRun, faultCode } = report;
  const isRecorded = isDryRun === true;
  return (
    <>
      <Badge tone={verdict.action === 'block' && !isRecorded ? 'bad' : 'notice'}>
        {isRecorded ? `would ${verdict.action}` : verdict.action}
      </Badge>{' '}
      <code>{rail}</code> {verdict.action !== 'allow' && verdict.reason}
      {isRecorded && ' Recorded only.'}
      {faultCode !== undefined && (
        <>
          {' '}
          It failed with <code>{faultCode}</code>.
        </>
      )}
      {verdict.action !== 'allow' && verdict.findings.length > 0 && (
        <span className={styles['findings']}>
          {findingLabels(verdict.findings).map((label) => (
            <span key={label}>{label}</span>
          ))}
        </span>
      )}
    </>
  );
}

/** One label for each category: how sure the rail is at most, by which rule, and how often. */
function findingLabels(
  findings: Exclude<RailReport['verdict'], { action: 'allow' }>['findings'],
): readonly string[] {
  const categories = new Map<string, { score: number; rules: Set<string>; count: number }>();
  for (const { category, score, rule } of findings) {
    const known = categories.get(category) ?? { score: 0, rules: new Set<string>(), count: 0 };
    if (rule !== undefined && rule !== category) known.rules.add(rule);
    categories.set(category, {
      ...known,
      score: Math.max(known.score, score),
      count: known.count + 1,
    });
  }
  return [...categories].map(([category, { score, rules, count }]) => {
    const times = count > 1 ? ` ×${count}` : '';
    const by = rules.size > 0 ? ` by ${[...rules].join(', ')}` : '';
    return `${category} ${Math.round(score * 100)} %${by}${times}`;
  });
}

function Step(props: {
  title: string;
  time?: number | undefined;
  facts?: ReactNode;
  children?: ReactNode;
}): ReactElement {
  return (
    <div className={styles['step']}>
      <div className={styles['head']}>
        <span className={styles['title']}>{props.title}</span>
        <span className={styles['facts']}>
          {props.facts}
          {props.time !== undefined && <span>{formatDuration(props.time)}</span>}
        </span>
      </div>
      {props.children}
    </div>
  );
}

function More(props: { label: string; children: ReactNode }): ReactElement {
  return (
    <details className={styles['more']}>
      <summary>{props.label}</summary>
      <div className={styles['moreBody']}>{props.children}</div>
    </details>
  );
}

function Totals(props: { view: RunView; elapsedMs: number | undefined }): ReactElement | null {
  const { view, elapsedMs } = props;
  if (elapsedMs === undefined) return null;
  const rows: [string, string][] = [['Time', formatDuration(elapsedMs)]];
  if (view.usage !== undefined) {
    const { inputTokens, outputTokens, cachedInputTokens } = view.usage;
    if (inputTokens !== undefined) rows.push(['Tokens read', formatInteger(inputTokens)]);
    if (cachedInputTokens !== undefined)
      rows.push(['of them cached', formatInteger(cachedInputTokens)]);
    if (outputTokens !== undefined) rows.push(['Tokens written', formatInteger(outputTokens)]);
  }
  if (view.costUsd !== undefined) rows.push(['Cost', formatCost(view.costUsd)]);
  return (
    <dl className={styles['totals']}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {view.runId !== undefined && (
        <div className={styles['run']}>
          <dt>Run</dt>
          <dd>
            <code>{view.runId}</code>
          </dd>
        </div>
      )}
    </dl>
  );
}

function tokensLabel(usage: {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
}): string | undefined {
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) return undefined;
  return `${formatInteger(usage.inputTokens ?? 0)} → ${formatInteger(usage.outputTokens ?? 0)} tokens`;
}

type Content = (RunStep & { kind: 'model' })['messages'][number]['content'];

/** A message as it went to the model: texts as they are, passages by their place and words, the rest as JSON. */
function messageLabel(content: Content): string {
  if (typeof content === 'string') return content;
  return content
    .map((part) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'passage')
        return `[${part.index}] ${part.passage.source}\n${part.passage.text}`;
      return JSON.stringify(part, undefined, 2);
    })
    .join('\n\n');
}
