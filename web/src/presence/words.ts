/** Words for the model's names. A name that this console does not know yet is shown as it is. */
import { texts } from '../texts.ts';

export function presetWords(preset: string): string {
  return preset === 'leave_alone' ? texts.detail.leaveAlone : wordsIn(texts.presets, preset);
}

export function causeWords(cause: string): string {
  return wordsIn(texts.causes, cause);
}

export function certaintyWords(certainty: string): string {
  return wordsIn(texts.certainties, certainty);
}

export function healthWords(state: string): string {
  return wordsIn(texts.health.states, state);
}

/** The short name, where there is one; otherwise the platform's own label. */
export function platformWords(platform: string, label: string): string {
  return Object.hasOwn(texts.platformNames, platform)
    ? (texts.platformNames[platform] ?? label)
    : label;
}

function wordsIn(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}
