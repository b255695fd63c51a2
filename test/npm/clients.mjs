// Runs common calls of the npm packages against a base address:
//   node clients.mjs http://127.0.0.1:11434 [--direct | --gate]
// With --gate, the calls that the profile @seed refuses must fail with a message that names the path; without it, the
// same calls must succeed, so that the refusals prove something. Prints one line per scenario; exits with 1 if any
// fails.

import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { Ollama } from 'ollama';
import OpenAI, { toFile } from 'openai';

const [base, option] = process.argv.slice(2);
const gated = option === '--gate';
if (!base || (option && !['--direct', '--gate'].includes(option))) {
  console.error('usage: node clients.mjs BASE [--direct | --gate]');
  process.exit(2);
}
const model = 'qwen2.5-coder:32b';
const reply = 'Hello from the stand-in.';
const messages = [{ role: 'user', content: 'hi' }];

// A retry would hide the first response.
const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'ollama', maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: base, apiKey: 'ollama', maxRetries: 0 });
const ollama = new Ollama({ host: base });

async function textOf(stream, part) {
  let text = '';
  for await (const event of stream) text += part(event) ?? '';
  return text;
}

/** The call fails through a gate with a message that names the path, and succeeds without one. */
async function refused(path, call) {
  if (!gated) return void await call();
  await assert.rejects(call, error => {
    assert.equal(error.status ?? error.status_code, 403);
    assert.ok(error.message.includes(path), error.message);
    return true;
  });
}

const scenarios = {
  'openai: list models': async () => {
    const ids = [];
    for await (const entry of openai.models.list()) ids.push(entry.id);
    assert.ok(ids.includes(model));
  },
  'openai: retrieve a model with a colon': async () => assert.equal((await openai.models.retrieve(model)).id, model),
  'openai: chat, whole': async () => {
    const completion = await openai.chat.completions.create({ model, messages });
    assert.equal(completion.choices[0].message.content, reply);
  },
  'openai: chat, streamed': async () => {
    const stream = await openai.chat.completions.create({ model, messages, stream: true });
    assert.equal(await textOf(stream, event => event.choices[0]?.delta.content), reply);
  },
  'openai: response, whole': async () => assert.equal((await openai.responses.create({ model, input: 'hi' })).output_text, reply),
  'openai: response, streamed': async () => {
    const stream = await openai.responses.create({ model, input: 'hi', stream: true });
    assert.equal(await textOf(stream, event => event.type === 'response.output_text.delta' && event.delta || ''), reply);
  },
  'openai: the error names a missing model': () => assert.rejects(
    openai.chat.completions.create({ model: 'llama9', messages }), /model 'llama9' not found/),
  'openai: embeddings': () => refused('/v1/embeddings', () => openai.embeddings.create({ model: 'nomic-embed-text:latest', input: 'hi' })),
  'openai: a file upload': () => refused('/v1/files', async () => openai.files.create({
    file: await toFile(Buffer.alloc(3 << 20), 'notes.txt'), purpose: 'user_data',
  })),

  'anthropic: retrieve a model with a colon': async () => assert.equal((await anthropic.models.retrieve(model)).id, model),
  'anthropic: message, whole': async () => {
    const message = await anthropic.messages.create({ model, max_tokens: 64, messages });
    assert.equal(message.content[0].text, reply);
  },
  'anthropic: message, streamed': async () => {
    const stream = anthropic.messages.stream({ model, max_tokens: 64, messages });
    assert.equal((await stream.finalMessage()).content[0].text, reply);
  },
  'anthropic: the error names a missing model': () => assert.rejects(
    anthropic.messages.create({ model: 'llama9', max_tokens: 64, messages }), /model 'llama9' not found/),
  'anthropic: count tokens': () => refused('/v1/messages/count_tokens', () => anthropic.messages.countTokens({ model, messages })),

  'ollama: version': async () => assert.ok((await ollama.version()).version),
  'ollama: list models': async () => assert.ok((await ollama.list()).models.some(entry => entry.name === model)),
  'ollama: show': async () => assert.ok((await ollama.show({ model })).details.family),
  'ollama: chat, whole': () => refused('/api/chat', async () =>
    assert.equal((await ollama.chat({ model, messages })).message.content, reply)),
  'ollama: chat, streamed': () => refused('/api/chat', async () =>
    assert.equal(await textOf(await ollama.chat({ model, messages, stream: true }), event => event.message.content), reply)),
  'ollama: generate, streamed': () => refused('/api/generate', async () =>
    assert.equal(await textOf(await ollama.generate({ model, prompt: 'hi', stream: true }), event => event.response), reply)),
  'ollama: embed': () => refused('/api/embed', () => ollama.embed({ model: 'nomic-embed-text:latest', input: 'hi' })),
  'ollama: ps': () => refused('/api/ps', () => ollama.ps()),
  'ollama: pull': () => refused('/api/pull', () => ollama.pull({ model })),
  'ollama: delete': () => refused('/api/delete', () => ollama.delete({ model })),
};

for (const [name, run] of Object.entries(scenarios)) {
  try {
    await run();
    console.log(`ok      ${name}`);
  } catch (error) {
    console.log(`FAILED  ${name}: ${error?.stack ?? error}`);
    process.exitCode = 1;
  }
}
