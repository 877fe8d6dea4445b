import type { CodeLanguage } from './code-language.js';
import { nestDeclarations, type Declaration } from './declaration.js';
import { maskCode } from './internal/mask-code.js';
import { outlineBraces } from './internal/outline-braces.js';
import { outlineIndentation } from './internal/outline-indentation.js';

/** Finds the declarations of code; needs no grammar and never fails, on broken code either. */
export type OutlineCode = (text: string, language: CodeLanguage) => Declaration[];

/** The built-in outline: by braces, or by indentation in Python and Ruby. Cost: linear. */
export const outlineCode: OutlineCode = (text, language) => {
  const masked = maskCode(text, language);
  const found =
    language === 'python' || language === 'ruby'
      ? outlineIndentation(text, masked, language)
      : outlineBraces(text, masked);
  return nestDeclarations(found);
};
