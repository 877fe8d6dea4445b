import react from '@vitejs/plugin-react';
import { tests } from '../../tools/vitest-preset.ts';

export default tests({ plugins: [react()], test: { environment: 'happy-dom' } });
