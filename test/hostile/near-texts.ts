/** What a secret text is not, by name: all but equal ones, and values of other kinds. */
export function nearTexts(text: string, foreign: string): Readonly<Record<string, unknown>> {
  return {
    missing: undefined,
    null: null,
    true: true,
    zero: 0,
    empty: '',
    list: [text],
    object: { [text]: text },
    foreign,
    'upper case': text.toUpperCase(),
    'one letter short': text.slice(0, -1),
    'one letter long': `${text}x`,
    'blank in front': ` ${text}`,
    'blank behind': `${text} `,
    'NUL behind': `${text}\0`,
    'NUL within': `${text.slice(0, 3)}\0${text.slice(3)}`,
    'full-width letter': text.replace('s', 'ｓ'),
    'zero-width letter': `${text}\u200b`,
    'turned round': Buffer.from(text).reverse().toString(),
    twice: text + text,
    'too long': text.repeat(60),
    __proto__: '__proto__',
    'undefined as text': 'undefined',
    'percent-encoded': text.replace('-', '%2D'),
  };
}
