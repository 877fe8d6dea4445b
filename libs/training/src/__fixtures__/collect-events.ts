import { train, type TrainingEvent, type TrainOptions } from '../train/train.js';

/** Runs a job to its end and gives all it told. */
export async function collectEvents(options: TrainOptions): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of train(options)) events.push(event);
  return events;
}
