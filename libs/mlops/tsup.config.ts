import { bundle } from '../../tools/tsup-preset.ts';

export default bundle();
