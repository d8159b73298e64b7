/** The body of the details: what is live comes from the row, the reasons from the explanation. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { BoardItem, PlatformView } from '../../../src/api/contract/board.ts';
import { Lasting } from '../board/age.tsx';
import { columnOf, usePlatforms } from '../board/platforms.ts';
import { useNow } from '../console.ts';
import type { Detail } from '../data/detail-feed.ts';
import { formatMoment } from '../format.ts';
import { StepMark } from '../presence/step-mark.tsx';
import { texts } from '../texts.ts';
import { troubleText } from '../trouble-text.ts';
import { Decisions } from './decisions.tsx';
import { PlatformCard } from './platform-card.tsx';
import { Section } from './section.tsx';

const useStyles = makeStyles({
  body: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXL,
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalXXL}`,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
  },
  state: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  sentence: {
    margin: `${tokens.spacingVerticalS} 0 0`,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
  },
  blocked: {
    marginTop: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderLeft: '3px solid var(--blockedLine)',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: 'var(--blockedFill)',
  },
  strong: { fontWeight: tokens.fontWeightSemibold },
  cards: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  trace: {
    margin: 0,
    padding: `0 0 0 ${tokens.spacingHorizontalXXL}`,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    overflowWrap: 'anywhere',
    color: tokens.colorNeutralForeground2,
  },
  quiet: { margin: 0, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
  failed: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM },
});

export function AgentDetails(props: {
  readonly item: BoardItem | undefined;
  readonly detail: Detail;
  readonly past: boolean;
  readonly retry: () => void;
}): ReactElement {
  const styles = useStyles();
  const { item, detail, past } = props;
  const platforms = usePlatforms();
  const explanation = detail.kind === 'loaded' ? detail.agent.explanation : undefined;
  return (
    <div className={styles.body}>
      {item === undefined ? (
        <p className={styles.quiet}>{detail.kind === 'loading' ? '' : texts.detail.goneText}</p>
      ) : (
        <Now item={item} sentence={explanation?.sentence} past={past} />
      )}
      {item === undefined ? null : (
        <Section title={texts.detail.platforms}>
          <div className={styles.cards}>
            {item.platforms.map((seen) => (
              <PlatformCard
                key={seen.platform}
                agent={item.id}
                seen={seen}
                past={past}
                fact={explanation?.facts.find(
                  (fact) => columnOf(platforms, fact.platform)?.id === seen.platform,
                )}
              />
            ))}
          </div>
        </Section>
      )}
      <Reasons detail={detail} retry={props.retry} />
    </div>
  );
}

function Now(props: {
  readonly item: BoardItem;
  readonly sentence: string | undefined;
  readonly past: boolean;
}): ReactElement {
  const styles = useStyles();
  const { item } = props;
  return (
    <div>
      <div className={styles.state}>
        <StepMark step={item.step} past={props.past} />
        <span>
          <Lasting since={item.stepSince} />
        </span>
      </div>
      <p className={styles.sentence}>{props.sentence ?? item.why}</p>
      {item.platforms.map((seen) => (
        <BlockedNote key={seen.platform} seen={seen} />
      ))}
    </div>
  );
}

function BlockedNote(props: { readonly seen: PlatformView }): ReactElement | null {
  const styles = useStyles();
  const platforms = usePlatforms();
  const { blocked, platform } = props.seen;
  if (blocked === undefined) return null;
  const label = columnOf(platforms, platform)?.label ?? platform;
  return (
    <div className={styles.blocked}>
      <span className={styles.strong}>
        {texts.detail.blockedOn(label)} <Lasting since={blocked.since} />:
      </span>{' '}
      {blocked.words}.{blocked.detail === undefined ? '' : ` ${blocked.detail}`}
    </div>
  );
}

function Reasons(props: { readonly detail: Detail; readonly retry: () => void }): ReactElement {
  const styles = useStyles();
  const now = useNow();
  const { detail } = props;
  if (detail.kind === 'loading') return <p className={styles.quiet}>{texts.detail.loading}</p>;
  if (detail.kind === 'failed') {
    return (
      <div className={styles.failed} role="alert">
        <span>
          {texts.detail.failedTitle} {troubleText(detail.trouble)}
        </span>
        <Button size="small" onClick={props.retry}>
          {texts.detail.retry}
        </Button>
      </div>
    );
  }
  const { decisions, trace, policyVersion, at } = detail.agent.explanation;
  return (
    <>
      <Section title={texts.detail.decisions}>
        <Decisions decisions={decisions} />
      </Section>
      <Section title={texts.detail.trace}>
        <ol className={styles.trace}>
          {trace.map((line, index) => (
            <li key={`${String(index)} ${line}`}>{line}</li>
          ))}
        </ol>
      </Section>
      <p className={styles.quiet}>
        {texts.detail.at(formatMoment(at, now))} · {texts.detail.policy(policyVersion)}
      </p>
    </>
  );
}
