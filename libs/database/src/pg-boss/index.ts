export { createPgBossJobQueue } from './pg-boss-job-queue.js';
export type { PgBossJobQueueOptions } from './pg-boss-job-queue.js';
