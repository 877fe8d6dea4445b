import { serveTrainingProcess } from '@espalier/training';

serveTrainingProcess({ environment: process.env });
