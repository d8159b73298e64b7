/** What stands in the list's place: while it loads, when nobody is there, when nothing matches. */
import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { useCell, useConsole } from '../console.ts';
import type { Trouble } from '../data/trouble.ts';
import { FIRST_CHOICES } from '../data/view.ts';
import { HIDDEN } from '../look/hidden.ts';
import { Icon } from '../look/icons.tsx';
import type { IconName } from '../look/icons.tsx';
import { ROW_HEIGHTS, SUMMARY_HEIGHT } from '../look/sizes.ts';
import type { Layout } from '../look/sizes.ts';
import { troubleText } from '../trouble-text.ts';
import { texts } from '../texts.ts';

const useStyles = makeStyles({
  card: {
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow2,
    border: `1px solid ${tokens.colorTransparentStroke}`,
    overflow: 'hidden',
  },
  state: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: tokens.spacingVerticalM,
    padding: '64px 24px 72px',
    textAlign: 'center',
  },
  sign: {
    display: 'grid',
    placeItems: 'center',
    width: '64px',
    height: '64px',
    borderRadius: '50%',
    color: tokens.colorBrandForeground1,
    backgroundColor: tokens.colorBrandBackground2,
  },
  title: {
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
  },
  text: {
    margin: 0,
    maxWidth: '52ch',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    color: tokens.colorNeutralForeground2,
  },
  row: {
    display: 'flex',
    alignItems: 'center',
    gap: '6%',
    padding: '0 16px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  bone: {
    height: '14px',
    borderRadius: '7px',
    backgroundColor: tokens.colorNeutralStencil1,
    '@media (prefers-reduced-motion: no-preference)': {
      animationName: { '0%': { opacity: 1 }, '50%': { opacity: 0.45 }, '100%': { opacity: 1 } },
      animationDuration: '1.6s',
      animationIterationCount: 'infinite',
      animationTimingFunction: 'ease-in-out',
    },
  },
  loading: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  hidden: HIDDEN,
});

const BONES = ['18%', '22%', '10%', '22%', '28%'] as const;

export function LoadingState(props: { readonly layout: Layout }): ReactElement {
  const styles = useStyles();
  const height = ROW_HEIGHTS[props.layout];
  return (
    <div className={styles.loading} role="status" data-state="loading">
      <span className={styles.hidden}>{texts.states.loading}</span>
      <div className={styles.card}>
        <Bones height={SUMMARY_HEIGHT} strength={1} />
      </div>
      <div className={styles.card}>
        {Array.from({ length: 10 }, (_, index) => (
          <Bones key={index} height={height} strength={1 - index * 0.09} />
        ))}
      </div>
    </div>
  );
}

function Bones(props: { readonly height: number; readonly strength: number }): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.row} style={{ height: props.height, opacity: props.strength }}>
      {BONES.map((width, index) => (
        <span key={`${String(index)} ${width}`} className={styles.bone} style={{ width }} />
      ))}
    </div>
  );
}

export function EmptyState(): ReactElement {
  return (
    <State
      name="empty"
      icon="person"
      title={texts.states.emptyTitle}
      text={texts.states.emptyText}
    />
  );
}

export function NoMatchState(): ReactElement {
  const { navigation } = useConsole();
  const { choices } = useCell(navigation.place);
  const clear = (): void =>
    navigation.choose({ ...FIRST_CHOICES, order: choices.order, byTeam: choices.byTeam });
  return (
    <State
      name="no-match"
      icon="search"
      title={texts.states.noMatchTitle}
      text={texts.states.noMatchText}
    >
      <Button onClick={clear}>{texts.states.clear}</Button>
    </State>
  );
}

export function ErrorState(props: { readonly trouble: Trouble }): ReactElement {
  const { feed } = useConsole();
  const closed = props.trouble.kind === 'signed_out' || props.trouble.kind === 'refused';
  return (
    <State
      name="error"
      icon="plug"
      title={closed ? texts.states.closedTitle : texts.states.errorTitle}
      text={troubleText(props.trouble)}
    >
      <Button appearance="primary" onClick={feed.tryNow}>
        {texts.connection.tryNow}
      </Button>
    </State>
  );
}

function State(props: {
  readonly name: string;
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}): ReactElement {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.card, styles.state)} data-state={props.name}>
      <span className={styles.sign}>
        <Icon name={props.icon} size={32} />
      </span>
      <h2 className={styles.title}>{props.title}</h2>
      <p className={styles.text}>{props.text}</p>
      {props.children}
    </div>
  );
}
