/** A language whose structure the code chunker knows. */
export type CodeLanguage =
  | 'bash'
  | 'c'
  | 'cpp'
  | 'csharp'
  | 'go'
  | 'java'
  | 'javascript'
  | 'kotlin'
  | 'php'
  | 'python'
  | 'ruby'
  | 'rust'
  | 'scala'
  | 'swift'
  | 'tsx'
  | 'typescript';

const BY_ENDING: Readonly<Record<string, CodeLanguage>> = {
  bash: 'bash',
  c: 'c',
  cc: 'cpp',
  cjs: 'javascript',
  cpp: 'cpp',
  cs: 'csharp',
  cts: 'typescript',
  cxx: 'cpp',
  go: 'go',
  h: 'c',
  hh: 'cpp',
  hpp: 'cpp',
  java: 'java',
  js: 'javascript',
  jsx: 'tsx',
  kt: 'kotlin',
  kts: 'kotlin',
  mjs: 'javascript',
  mts: 'typescript',
  php: 'php',
  py: 'python',
  pyi: 'python',
  rb: 'ruby',
  rs: 'rust',
  scala: 'scala',
  sh: 'bash',
  swift: 'swift',
  ts: 'typescript',
  tsx: 'tsx',
};

/** The endings of files, without the dot, that hold code of a known language. */
export const CODE_ENDINGS: readonly string[] = Object.keys(BY_ENDING);

const MEDIA_TYPE = /^(?:text|application)\/(?:x-)?([a-z+#-]+?)(?:-source|src)?$/u;
const BY_MEDIA_NAME: Readonly<Record<string, CodeLanguage>> = {
  'c++': 'cpp',
  csharp: 'csharp',
  ecmascript: 'javascript',
  'httpd-php': 'php',
  'python-script': 'python',
  rustsrc: 'rust',
  shellscript: 'bash',
  sh: 'bash',
};

/** The language of a document, told by its media type and the ending of its name; undefined where neither tells. */
export function codeLanguageOf(document: {
  readonly source: string;
  readonly mediaType?: string;
}): CodeLanguage | undefined {
  const named = MEDIA_TYPE.exec(
    document.mediaType?.split(';', 1)[0]?.trim().toLowerCase() ?? '',
  )?.[1];
  if (named !== undefined) {
    const known = BY_MEDIA_NAME[named] ?? Object.values(BY_ENDING).find((name) => name === named);
    if (known !== undefined) return known;
  }
  const ending = /\.([^./\\]+)$/u.exec(document.source)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
}

/** The media type under which code of a language is loaded. */
export function codeMediaType(language: CodeLanguage): string {
  return `text/x-${language}`;
}
