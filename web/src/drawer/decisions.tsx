/** What Lockstep decided for each platform, by which rule, and what has become of it. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ExplanationView } from '../../../src/api/contract/board.ts';
import { columnOf, usePlatforms } from '../board/platforms.ts';
import { presetWords } from '../presence/words.ts';
import { texts } from '../texts.ts';
import { Pair, Pairs } from './section.tsx';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  decision: {
    paddingInlineStart: tokens.spacingHorizontalM,
    borderLeft: `2px solid ${tokens.colorNeutralStroke1}`,
  },
  title: {
    margin: `0 0 ${tokens.spacingVerticalXS}`,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
});

export function Decisions(props: {
  readonly decisions: ExplanationView['decisions'];
}): ReactElement {
  const styles = useStyles();
  const platforms = usePlatforms();
  return (
    <ul className={styles.list}>
      {props.decisions.map((decision) => {
        const label = columnOf(platforms, decision.platform)?.label;
        const { marks } = decision;
        return (
          <li key={decision.platform} className={styles.decision}>
            <h4 className={styles.title}>
              {texts.detail.decidedFor(label ?? decision.platform, presetWords(decision.desired))}
            </h4>
            <Pairs>
              <Pair name={texts.detail.because}>{decision.because}</Pair>
              <Pair name={texts.detail.rule}>{decision.rule}</Pair>
              <Pair name={texts.detail.shown}>{presetWords(decision.shown)}</Pair>
              <Pair name={texts.detail.blocked} warned>
                {decision.blocked}
              </Pair>
              <Pair name={texts.detail.marks}>
                {marks.length === 0 ? texts.detail.noMarks : marks.join(', ')}
              </Pair>
            </Pairs>
          </li>
        );
      })}
    </ul>
  );
}
