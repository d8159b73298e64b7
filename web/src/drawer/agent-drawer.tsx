/**
 * An agent's details: the sentence first, then what each platform says, what was decided, and the
 * trace. Beside the board on wide windows, over it on small ones, where the browser's own modal
 * dialog keeps the focus inside.
 */
import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useItem, useLost } from '../console.ts';
import { Icon } from '../look/icons.tsx';
import { BESIDE_QUERY, PHONE } from '../look/sizes.ts';
import { useMedia } from '../look/use-media.ts';
import { texts } from '../texts.ts';
import { AgentDetails } from './agent-details.tsx';
import { useDetail } from './use-detail.ts';

const useStyles = makeStyles({
  beside: {
    flexShrink: 0,
    width: '440px',
    boxSizing: 'border-box',
    overflowY: 'auto',
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow16,
  },
  over: {
    position: 'fixed',
    insetBlock: 0,
    insetInlineEnd: 0,
    insetInlineStart: 'auto',
    width: 'min(480px, 100%)',
    height: '100dvh',
    maxWidth: 'none',
    maxHeight: 'none',
    margin: 0,
    padding: 0,
    border: 'none',
    overflowY: 'auto',
    boxSizing: 'border-box',
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow64,
    '::backdrop': { backgroundColor: 'rgb(0 0 0 / 45%)' },
    [PHONE]: { width: '100%' },
  },
  moving: {
    '@media (prefers-reduced-motion: no-preference)': {
      animationName: { from: { transform: 'translateX(24px)', opacity: 0 }, to: { opacity: 1 } },
      animationDuration: '140ms',
      animationTimingFunction: 'ease-out',
    },
  },
  head: {
    position: 'sticky',
    zIndex: 1,
    top: 0,
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalM} ${tokens.spacingHorizontalXL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  who: { flexGrow: 1, minWidth: 0 },
  name: {
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    outline: 'none',
    overflowWrap: 'anywhere',
  },
  teams: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
});

interface DrawerProps {
  readonly id: string;
  readonly onClose: () => void;
}

export function AgentDrawer(props: DrawerProps): ReactElement {
  const styles = useStyles();
  const { id, onClose } = props;
  const item = useItem(id);
  const past = useLost();
  const { detail, retry } = useDetail(id, item);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = item?.name ?? (detail.kind === 'loaded' ? detail.agent.name : id);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [id]);
  return (
    <Panel label={texts.detail.label(name)} onClose={onClose}>
      <div className={styles.head}>
        <div className={styles.who}>
          <h2 ref={heading} tabIndex={-1} className={styles.name}>
            {name}
          </h2>
          <div className={styles.teams}>{item?.teams.join(', ')}</div>
        </div>
        <Button
          appearance="subtle"
          icon={<Icon name="close" />}
          aria-label={texts.detail.close}
          onClick={onClose}
        />
      </div>
      <AgentDetails item={item} detail={detail} past={past} retry={retry} />
    </Panel>
  );
}

interface PanelProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Panel(props: PanelProps): ReactElement {
  const beside = useMedia(BESIDE_QUERY);
  return beside ? <Beside {...props} /> : <Over {...props} />;
}

function Beside(props: PanelProps): ReactElement {
  const styles = useStyles();
  return (
    <aside aria-label={props.label} className={mergeClasses(styles.beside, styles.moving)}>
      {props.children}
    </aside>
  );
}

function Over(props: PanelProps): ReactElement {
  const styles = useStyles();
  const dialog = useRef<HTMLDialogElement>(null);
  const { onClose } = props;
  useEffect(() => {
    const { current } = dialog;
    if (current !== null && !current.open) current.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={props.label}
      className={mergeClasses(styles.over, styles.moving)}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // A click on the backdrop counts as one on the dialog itself.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {props.children}
    </dialog>
  );
}
