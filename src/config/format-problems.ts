/** Problems as text: where, what, and what to do, one block each. */
import type { Problem } from './config.ts';

/** `file` is what the reader knows the file as; it goes before each line number. */
export function formatProblems(problems: readonly Problem[], file = 'lockstep.yaml'): string {
  return problems.map((problem) => formatProblem(problem, file)).join('\n');
}

function formatProblem(problem: Problem, file: string): string {
  const place =
    problem.line === undefined ? file : `${file}:${problem.line}:${problem.column ?? 1}`;
  const subject = problem.path === '' ? 'the file' : problem.path;
  const here = problem.value === undefined ? '' : ` (it is ${problem.value})`;
  return printable(`${place}: ${subject} ${problem.message}${here}\n  fix: ${problem.fix}`);
}

/** A key from the file must not steer the terminal that shows it. */
function printable(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
