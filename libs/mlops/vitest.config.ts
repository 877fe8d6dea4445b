import { tests } from '../../tools/vitest-preset.ts';

export default tests();
