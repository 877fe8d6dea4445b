export { readSourceFiles } from './read-source-files.js';
export type { ReadSourceFilesOptions } from './read-source-files.js';
