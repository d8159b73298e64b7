/** The head of a team's agents: its name, its size, and who in it needs attention. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { STEPS } from '../data/view.ts';
import type { TeamLine } from '../data/view.ts';
import { formatCount } from '../format.ts';
import { StepIcon } from '../presence/step-mark.tsx';
import { texts } from '../texts.ts';

const useStyles = makeStyles({
  row: {
    position: 'absolute',
    insetInline: 0,
    top: 0,
    boxSizing: 'border-box',
    display: 'flex',
    alignItems: 'center',
    padding: `0 ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorNeutralBackground3,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  cell: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    flexGrow: 1,
    minWidth: 0,
    whiteSpace: 'nowrap',
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  name: {
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground1,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  counts: { display: 'flex', gap: tokens.spacingHorizontalM, marginInlineStart: 'auto' },
  count: { display: 'inline-flex', alignItems: 'center', gap: '4px' },
});

export function TeamRow(props: {
  readonly line: TeamLine;
  readonly rowIndex: number;
  readonly top: number;
  readonly height: number;
}): ReactElement {
  const styles = useStyles();
  const { team, counts } = props.line;
  const agents = STEPS.reduce((sum, step) => sum + counts[step], 0);
  return (
    <div
      role="row"
      aria-rowindex={props.rowIndex}
      className={styles.row}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
    >
      <div role="rowheader" className={styles.cell}>
        <span className={styles.name}>{team === '' ? texts.filters.noTeam : team}</span>
        <span>{texts.board.teamAgents(agents, formatCount(agents))}</span>
        <span className={styles.counts}>
          {STEPS.map((step) =>
            counts[step] === 0 || step === 'in_step' ? null : (
              <span key={step} className={styles.count}>
                <StepIcon step={step} size={14} />
                {formatCount(counts[step])} {texts.stepsShort[step]}
              </span>
            ),
          )}
        </span>
      </div>
    </div>
  );
}
