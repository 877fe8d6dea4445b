import { createAgent } from '@espalier/agents';
import { userMessage, type LanguageModel } from '@espalier/core';
import { createGuardrails, createPiiRail, createSecretsRail } from '@espalier/guardrails';
import type { KnowledgeBase } from '@espalier/rag';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';

/** The host application's own routes, with answers from its own documents. */
export function createApp(options: { knowledgeBase: KnowledgeBase; model: LanguageModel }): Hono {
  const support = createAgent({
    name: 'support',
    description: 'Answers questions of customers.',
    model: options.model,
    retrieval: { retriever: options.knowledgeBase.retriever, topK: 5 },
    guardrails: createGuardrails({ rails: [createSecretsRail(), createPiiRail()] }),
  });

  const app = new Hono();
  app.post('/support', async (c) => {
    const { question } = await c.req.json<{ question: string }>();
    return streamSSE(c, async (stream) => {
      const abortSignal = c.req.raw.signal;
      for await (const event of support.run({ messages: [userMessage(question)], abortSignal })) {
        if (event.type === 'text-delta') await stream.writeSSE({ event: 'text', data: event.text });
        if (event.type === 'citation')
          await stream.writeSSE({ event: 'citation', data: JSON.stringify(event.citation) });
      }
    });
  });
  return app;
}
