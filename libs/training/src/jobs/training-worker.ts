import { serveTrainingProcess } from './serve-training-process.js';

serveTrainingProcess({ environment: process.env });
