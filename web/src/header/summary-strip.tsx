/** The board in a handful of figures. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Summary } from '../../../src/api/contract/board.ts';
import { useCell, useConsole, useLost, useView } from '../console.ts';
import { STEPS } from '../data/view.ts';
import type { Step } from '../data/view.ts';
import { formatBytesPerSecond, formatCount, formatDelay, formatShare } from '../format.ts';
import { platformWords } from '../presence/words.ts';
import { texts } from '../texts.ts';
import { Figure } from './figure.tsx';
import { PlatformHealth } from './platform-health.tsx';

/** Ranges that exclude each other: which of two matching rules wins is not ours to choose. */
const TWO_LINES = '@container board (min-width: 640px) and (max-width: 919px)';
const PAIRS = '@container board (max-width: 639px)';

const useStyles = makeStyles({
  strip: {
    display: 'grid',
    gridTemplateColumns: 'minmax(180px, 1.6fr) repeat(4, minmax(104px, 1fr)) minmax(240px, 1.3fr)',
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow2,
    border: `1px solid ${tokens.colorTransparentStroke}`,
    [TWO_LINES]: { gridTemplateColumns: 'repeat(4, 1fr)' },
    [PAIRS]: { gridTemplateColumns: '1fr 1fr', padding: '6px 0' },
  },
  wideCell: {
    [TWO_LINES]: { gridColumn: 'span 2' },
    [PAIRS]: { gridColumn: 'span 2' },
  },
  past: { opacity: 0.75 },
  bar: { display: 'flex', gap: '2px', height: '8px', marginTop: tokens.spacingVerticalXS },
  part: { minWidth: '3px', borderRadius: '2px' },
  in_step: { backgroundColor: 'var(--freeFill)' },
  moving: { backgroundColor: tokens.colorBrandBackground },
  blocked: { backgroundColor: 'var(--blockedLine)' },
  unknown: { backgroundColor: tokens.colorNeutralStrokeAccessible },
  meter: {
    display: 'block',
    height: '8px',
    marginTop: tokens.spacingVerticalXS,
    borderRadius: '4px',
    backgroundColor: 'var(--meterTrack)',
    overflow: 'hidden',
    '@media (forced-colors: active)': { border: '1px solid CanvasText' },
  },
  level: {
    display: 'block',
    height: '100%',
    backgroundColor: tokens.colorBrandBackground,
    '@media (forced-colors: active)': { backgroundColor: 'Highlight', forcedColorAdjust: 'none' },
  },
  levelHigh: { backgroundColor: 'var(--blockedLine)' },
  parts: { '@media (forced-colors: active)': { display: 'none' } },
});

export function SummaryStrip(): ReactElement {
  const styles = useStyles();
  const summary = useCell(useConsole().summary);
  const lost = useLost();
  return (
    <section
      aria-label={texts.summary.label}
      className={mergeClasses(styles.strip, lost && styles.past)}
    >
      <InStep className={styles.wideCell} />
      <Delays summary={summary} />
      <Quota used={summary?.quotaUsed} />
      <Figure
        label={texts.summary.bytes}
        note={texts.summary.bytesNote}
        value={
          typeof summary?.bytesPerAgentSecond === 'number'
            ? formatBytesPerSecond(summary.bytesPerAgentSecond)
            : undefined
        }
      />
      <PlatformHealth className={styles.wideCell} />
    </section>
  );
}

function InStep(props: { readonly className: string }): ReactElement {
  const styles = useStyles();
  const { all, total } = useView();
  const share = total === 0 ? undefined : formatShare(all.in_step / total);
  return (
    <Figure
      className={props.className}
      label={texts.summary.inStep}
      value={share}
      beside={texts.summary.ofAgents(formatCount(all.in_step), formatCount(total))}
    >
      <div aria-hidden="true" className={mergeClasses(styles.bar, styles.parts)}>
        {[...STEPS]
          .reverse()
          .map((step: Step) =>
            all[step] === 0 ? null : (
              <div
                key={step}
                className={mergeClasses(styles.part, styles[step])}
                style={{ flexGrow: all[step] }}
              />
            ),
          )}
      </div>
    </Figure>
  );
}

function Delays(props: { readonly summary: Summary | undefined }): ReactElement {
  const { summary } = props;
  const label = (id: string): string => {
    const known = summary?.platforms.find((platform) => platform.platform === id);
    return platformWords(id, known?.label ?? id);
  };
  return (
    <>
      {(summary?.delays ?? []).map((delay) => (
        <Figure
          key={`${delay.from} ${delay.to}`}
          label={texts.summary.delay(label(delay.from), label(delay.to))}
          value={delay.meanMs === null ? undefined : formatDelay(delay.meanMs)}
          beside={delay.meanMs === null ? texts.summary.noDelay : texts.summary.mean}
          note={
            delay.p95Ms === null
              ? texts.summary.noDelayNote
              : texts.summary.delayNote(formatDelay(delay.p95Ms), formatCount(delay.count))
          }
        />
      ))}
    </>
  );
}

const HIGH = 0.8;
const FULL = 0.95;

function Quota(props: { readonly used: number | undefined }): ReactElement {
  const styles = useStyles();
  const { used } = props;
  const share = Math.min(1, Math.max(0, used ?? 0));
  return (
    <Figure
      label={texts.summary.quota}
      note={texts.summary.quotaNote}
      value={used === undefined ? undefined : formatShare(share)}
      beside={quotaWord(share)}
    >
      <span aria-hidden="true" className={styles.meter}>
        <span
          className={mergeClasses(styles.level, share >= HIGH && styles.levelHigh)}
          style={{ width: `${Math.round(share * 100)}%` }}
        />
      </span>
    </Figure>
  );
}

function quotaWord(share: number): string {
  if (share >= FULL) return texts.summary.quotaFull;
  return share >= HIGH ? texts.summary.quotaHigh : '';
}
