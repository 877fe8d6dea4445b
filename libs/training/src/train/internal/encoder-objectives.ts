import { TraceError } from '../../errors.js';
import type { Pooling } from '../../models/pool-states.js';
import { add, div, maximum, mul, neg, relu, sqrt, sub } from '../../tensor/elementwise.js';
import {
  concat,
  matmul,
  reshape,
  slice,
  sum,
  sumAll,
  sumSquare,
  transpose,
} from '../../tensor/layout.js';
import { gather, logSoftmax, takeLast } from '../../tensor/network.js';
import type { Tensor, Trace } from '../../tensor/trace.js';
import { minusLogSigmoid } from './minus-log-sigmoid.js';

/** What training an encoder makes small. */
export type EncoderObjective =
  | ({
      readonly kind: 'contrastive';
      readonly temperature: number;
      readonly isSymmetric: boolean;
    } & Embedding)
  | ({
      readonly kind: 'triplet';
      readonly distance: 'cosine' | 'euclidean';
      readonly margin: number;
    } & Embedding)
  | { readonly kind: 'categorical' | 'binary' | 'listwise' | 'marginError' };

interface Embedding {
  readonly pooling: Pooling;
  /** The first so many numbers of a vector are to be of use alone; the losses of all are added. Empty: the whole vector. */
  readonly dimensions: readonly number[];
}

/** torch.nn.functional.normalize and pairwise_distance keep these away from 0. */
const LEAST_LENGTH = 1e-12;
const DISTANCE_EPSILON = 1e-6;

/** Whether an objective is one of encoders. */
export function isEncoderObjective(objective: {
  readonly kind: string;
}): objective is EncoderObjective {
  return ['contrastive', 'triplet', 'categorical', 'binary', 'listwise', 'marginError'].includes(
    objective.kind,
  );
}

/** Traces the sum of an objective over a batch, for what an encoder gives for each group of texts. */
export function traceEncoderObjective(
  trace: Trace,
  outputs: readonly Tensor[],
  objective: EncoderObjective,
): Tensor {
  const [first, second, third] = outputs;
  const expect = (output: Tensor | undefined): Tensor => {
    if (output !== undefined) return output;
    throw new TraceError({ operation: objective.kind, problem: 'a group of texts is missing' });
  };
  switch (objective.kind) {
    case 'contrastive':
      return overDimensions(
        objective,
        [expect(first), expect(second)],
        contrastive(trace, objective),
      );
    case 'triplet':
      return overDimensions(
        objective,
        [expect(first), expect(second), expect(third)],
        triplet(trace, objective),
      );
    case 'categorical':
      return categorical(trace, expect(first));
    case 'binary':
      return binary(trace, expect(first));
    case 'listwise':
      return listwise(trace, byList(expect(first), expect(second)));
    case 'marginError':
      return marginError(trace, byList(expect(first), expect(second)));
  }
}

/** The loss of the first d numbers, added up over every d. @see https://arxiv.org/abs/2205.13147, equation 1. */
function overDimensions(
  { dimensions }: Embedding,
  outputs: readonly Tensor[],
  loss: (outputs: readonly Tensor[]) => Tensor,
): Tensor {
  const cut = (size: number) => outputs.map((output) => slice(output, 1, 0, size));
  const parts = dimensions.map((size) => loss(cut(size)));
  const [head, ...rest] = parts;
  return head === undefined ? loss(outputs) : rest.reduce((total, part) => add(total, part), head);
}

/**
 * InfoNCE: each query against all candidates of the batch, the n-th being that of the n-th query.
 *
 * Feed: `apart` [queries, candidates], very negative where a candidate is no negative (the same text as the query's own).
 *
 * @see https://arxiv.org/abs/1807.03748, equation 4, with cosines.
 */
function contrastive(
  trace: Trace,
  { temperature, isSymmetric }: { readonly temperature: number; readonly isSymmetric: boolean },
): (outputs: readonly Tensor[]) => Tensor {
  let apart: Tensor | undefined;
  return ([queries, candidates]) => {
    const [q, c] = [unit(queries), unit(candidates)];
    const [count = 1] = q.shape;
    const [all = 1] = c.shape;
    apart ??= trace.feed('apart', { dtype: 'float32', shape: [count, all] });
    const cosines = matmul(q, c, { transposeB: true, scale: 1 / temperature });
    const scores = add(cosines, apart);
    const own = trace.constant({
      dtype: 'int32',
      shape: [count],
      data: Int32Array.from({ length: count }, (_, i) => i),
    });
    const loss = (rows: Tensor): Tensor => neg(sumAll(takeLast(logSoftmax(rows), own)));
    if (!isSymmetric) return loss(scores);
    const back = transpose(slice(scores, 1, 0, count), [1, 0]);
    return mul(add(loss(scores), loss(back)), 0.5);
  };
}

/**
 * max(0, d(query, positive) − d(query, negative) + margin) for each negative.
 *
 * Groups: queries, their positives, negatives. Feed: `anchors` int32 [negatives], the row of the query of each.
 *
 * @see https://arxiv.org/abs/1503.03832, equation 1, with distances in place of squared ones.
 */
function triplet(
  trace: Trace,
  { distance, margin }: { readonly distance: 'cosine' | 'euclidean'; readonly margin: number },
): (outputs: readonly Tensor[]) => Tensor {
  let anchors: Tensor | undefined;
  const between = (a: Tensor, b: Tensor): Tensor => {
    if (distance === 'cosine') return sub(1, sum(mul(unit(a), unit(b)), [1]));
    return sqrt(sumSquare(add(sub(a, b), DISTANCE_EPSILON), [1]));
  };
  return ([queries, positives, negatives]) => {
    if (queries === undefined || positives === undefined || negatives === undefined)
      throw new TraceError({ operation: 'triplet', problem: 'a group of texts is missing' });
    anchors ??= trace.feed('anchors', { dtype: 'int32', shape: [negatives.shape[0] ?? 1] });
    const near = gather(between(queries, positives), anchors);
    const far = between(gather(queries, anchors), negatives);
    return sumAll(relu(add(sub(near, far), margin)));
  };
}

/** −weight · log softmax at the label. Feeds: `labels` int32 [rows], `weights` [rows]. */
function categorical(trace: Trace, scores: Tensor): Tensor {
  const [rows = 1] = scores.shape;
  const labels = trace.feed('labels', { dtype: 'int32', shape: [rows] });
  const weights = trace.feed('weights', { dtype: 'float32', shape: [rows] });
  return neg(sumAll(mul(takeLast(logSoftmax(scores), labels), weights)));
}

/** −gain · log σ(z) − cost · log(1 − σ(z)). Feeds: `gains` (weight · label) and `costs` (1 − label), [rows, labels]. */
function binary(trace: Trace, scores: Tensor): Tensor {
  const feed = (name: string): Tensor =>
    trace.feed(name, { dtype: 'float32', shape: scores.shape });
  const gains = mul(feed('gains'), minusLogSigmoid(scores));
  return sumAll(add(gains, mul(feed('costs'), minusLogSigmoid(neg(scores)))));
}

/** −log softmax at the first of each list. Feed: `apart` [lists, size], very negative where a list has ended. */
function listwise(trace: Trace, lists: Tensor): Tensor {
  const apart = trace.feed('apart', { dtype: 'float32', shape: lists.shape });
  return neg(sumAll(slice(logSoftmax(add(lists, apart)), 1, 0, 1)));
}

/**
 * weight · ((score of the first − score) − margin)². Feeds: `margins` and `weights`, [lists, size].
 *
 * @see https://arxiv.org/abs/2010.02666, equation 2.
 */
function marginError(trace: Trace, lists: Tensor): Tensor {
  const feed = (name: string): Tensor => trace.feed(name, { dtype: 'float32', shape: lists.shape });
  const difference = sub(sub(slice(lists, 1, 0, 1), lists), feed('margins'));
  return sumAll(mul(feed('weights'), mul(difference, difference)));
}

/** The scores of the first of each list, and of the others list by list, as [lists, size]. */
function byList(first: Tensor, others: Tensor): Tensor {
  const [lists = 1] = first.shape;
  return concat([reshape(first, [lists, 1]), reshape(others, [lists, -1])], 1);
}

function unit(x: Tensor | undefined): Tensor {
  if (x === undefined)
    throw new TraceError({ operation: 'normalise', problem: 'a group of texts is missing' });
  return div(x, maximum(sqrt(sumSquare(x, [1])), LEAST_LENGTH));
}
