// `npm run corpus -- FOLDER…`: how much of other people's playbooks, roles and pages of documentation hapb understands.
// --all shows every reason, filter and test; --table only the filters, as docs/expressions.md lists them.
// Reads the folders only; nothing is fetched, and no corpus belongs into this repository.
import { existsSync } from 'node:fs';
import { importTypescript } from '../../.config/import-typescript.mjs';

const words = process.argv.slice(2);
const folders = words.filter((word) => !word.startsWith('--'));
const every = words.includes('--all');
const missing = folders.filter((folder) => !existsSync(folder));
if (folders.length === 0 || missing.length > 0) {
  console.error(missing.length > 0 ? `There is no ${missing.join(', ')}.` : 'usage: npm run corpus -- [--all|--table] FOLDER…');
  process.exit(5);
}

const { measure } = await importTypescript('test/corpus/measure.ts');
const measured = measure(folders);
if (words.includes('--table')) {
  for (const { name, count, support } of measured.filters.slice(0, 60)) console.log(`| \`${name}\` | ${count} | ${support} |`);
  process.exit(0);
}
const shown = every ? Number.POSITIVE_INFINITY : 10;

console.log(`${measured.texts} files and examples, ${measured.statements.total} Jinja statements, ${measured.macroCalls} calls of macros\n`);
print('YAML texts read', measured.unreadable);
print('conditions parsed', measured.conditions);
print('expressions parsed', measured.expressions);
print('Jinja statements with a Handlebars form that compiles', measured.statements);
print('task files loaded', measured.taskFiles);
table('filters', measured.filters);
table('tests', measured.tests);

function print(title, { total, taken, reasons }) {
  const percent = total === 0 ? '-' : `${((100 * taken) / total).toFixed(2)} %`;
  console.log(`${title}: ${taken} of ${total} (${percent})`);
  for (const { reason, count, where } of reasons.slice(0, shown))
    console.log(`  ${String(count).padStart(4)}  ${reason}\n        ${where}`);
  console.log('');
}

function table(title, uses) {
  console.log(`${title}, by use`);
  for (const { name, count, support } of every ? uses : uses.slice(0, 60))
    console.log(`  ${String(count).padStart(4)}  ${name}${support === 'yes' ? '' : `  (${support})`}`);
  console.log('');
}
