/** The bar at the top: the product, whether the page is live, the viewer's appearance. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Mark } from '../look/icons.tsx';
import { PHONE } from '../look/sizes.ts';
import { texts } from '../texts.ts';
import { ConnectionState } from './connection-state.tsx';
import { SchemeSwitch } from './scheme-switch.tsx';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    minHeight: '52px',
    padding: `0 ${tokens.spacingHorizontalL}`,
    [PHONE]: { padding: '0 12px' },
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  name: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  page: {
    margin: 0,
    paddingLeft: tokens.spacingHorizontalM,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightRegular,
    color: tokens.colorNeutralForeground2,
    whiteSpace: 'nowrap',
    '@media (max-width: 479px)': { display: 'none' },
  },
  rest: { flexGrow: 1 },
});

export function Header(): ReactElement {
  const styles = useStyles();
  return (
    <header className={styles.bar}>
      <span className={styles.name}>
        <Mark size={28} />
        {texts.product}
      </span>
      <span className={styles.page}>{texts.page}</span>
      <span className={styles.rest} />
      <ConnectionState />
      <SchemeSwitch />
    </header>
  );
}
