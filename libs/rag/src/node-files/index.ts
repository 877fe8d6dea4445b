export { listSourceFiles, readSourceFiles } from './read-source-files.js';
export type { ListedSourceFile, ReadSourceFilesOptions, SourceFile } from './read-source-files.js';
