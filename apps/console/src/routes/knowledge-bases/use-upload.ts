import type { EspalierClient } from '@espalier/sdk-ts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { queryKeys } from '../../data/queries.js';

/** What an ingest did. */
export type UploadReport = Awaited<ReturnType<EspalierClient['documents']['upload']>>;

/** How far an upload is: its bytes leave, then the server reads and indexes them. */
export type UploadState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'sending'; readonly loadedBytes: number; readonly totalBytes: number }
  | {
      readonly phase: 'indexing';
      readonly done: number;
      readonly total: number;
      readonly source: string;
    }
  | { readonly phase: 'done'; readonly report: UploadReport }
  | { readonly phase: 'failed'; readonly error: unknown };

/** What a page can do with uploads. */
export interface Upload {
  readonly state: UploadState;
  readonly upload: (files: readonly File[]) => void;
  readonly cancel: () => void;
}

/** Uploads files into one knowledge base as a job, and follows it to its end. */
export function useUpload(client: EspalierClient, knowledgeBase: string): Upload {
  const queryClient = useQueryClient();
  const [state, setState] = useState<UploadState>({ phase: 'idle' });
  const running = useRef<AbortController | undefined>(undefined);

  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback(
    async (files: readonly File[]) => {
      const controller = new AbortController();
      running.current?.abort();
      running.current = controller;
      const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
      setState({ phase: 'sending', loadedBytes: 0, totalBytes });
      let jobId: string | undefined;
      try {
        const job = await client.documents.uploadInBackground({
          knowledgeBase,
          files: files.map((file) => ({ source: sourceOf(file), data: file })),
          abortSignal: controller.signal,
          onProgress: (progress) => setState({ phase: 'sending', ...progress }),
        });
        jobId = job.id;
        setState({ phase: 'indexing', done: 0, total: files.length, source: '' });
        const finished = await client.jobs.wait({
          id: job.id,
          abortSignal: controller.signal,
          onProgress: (now) => setState(indexingOf(now.progress, files.length)),
        });
        setState({ phase: 'done', report: finished.result as unknown as UploadReport });
      } catch (error) {
        if (!controller.signal.aborted) setState({ phase: 'failed', error });
        // Cancelling is a person's wish, not an error to show; the job may have ended meanwhile.
        else if (jobId !== undefined) client.jobs.cancel({ id: jobId }).catch(() => undefined);
      }
      await queryClient.invalidateQueries({ queryKey: queryKeys.knowledgeBases });
    },
    [client, knowledgeBase, queryClient],
  );

  return {
    state,
    upload: (files) => {
      if (files.length > 0) void run(files);
    },
    cancel: () => {
      running.current?.abort();
      setState({ phase: 'idle' });
    },
  };
}

/** Within a folder that was chosen whole, files keep their path. */
function sourceOf(file: File): string {
  return file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
}

function indexingOf(progress: unknown, fallbackTotal: number): UploadState {
  const facts = (typeof progress === 'object' && progress !== null ? progress : {}) as {
    documentsDone?: unknown;
    documentsTotal?: unknown;
    source?: unknown;
  };
  return {
    phase: 'indexing',
    done: typeof facts.documentsDone === 'number' ? facts.documentsDone : 0,
    total: typeof facts.documentsTotal === 'number' ? facts.documentsTotal : fallbackTotal,
    source: typeof facts.source === 'string' ? facts.source : '',
  };
}
