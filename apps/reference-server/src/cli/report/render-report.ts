import { escapeHtml } from './escape-html.js';
import { REPORT_STYLES } from './report-styles.js';

/** A part of a report; `html` is put in as it is. */
export interface ReportSection {
  readonly heading: string;
  readonly text?: string;
  readonly html: string;
}

/** Writes a report as one HTML file that loads nothing and runs no script. */
export function renderReport(options: {
  readonly title: string;
  readonly text: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly ReportSection[];
}): string {
  const title = escapeHtml(options.title);
  const facts = options.facts.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  const sections = options.sections.map(
    ({ heading, text, html }) =>
      `<section><h2>${escapeHtml(heading)}</h2>${text === undefined ? '' : `<p>${escapeHtml(text)}</p>`}${html}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${REPORT_STYLES}</style>
</head>
<body><main>
<header><h1>${title}</h1><p>${escapeHtml(options.text)}</p><dl class="facts">${facts.join('')}</dl></header>
${sections.join('\n')}
</main></body>
</html>
`;
}
