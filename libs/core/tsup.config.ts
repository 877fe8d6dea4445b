import { bundle } from '../../tools/tsup-preset.ts';

export default bundle({ platform: 'neutral', inline: ['@opentelemetry/api', 'zod'] });
