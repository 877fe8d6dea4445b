import { serveTrainingProcess } from '@espalier/training';

serveTrainingProcess();
