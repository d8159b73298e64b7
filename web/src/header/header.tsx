/**
 * The top of the page: the product, whether the page is live, the viewer's appearance, and below
 * them what stands between the viewer and a true board.
 */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useView } from '../console.ts';
import { HIDDEN } from '../look/hidden.ts';
import { Mark } from '../look/icons.tsx';
import { PHONE } from '../look/sizes.ts';
import { texts } from '../texts.ts';
import { HealthBanners, LostBanner } from './banners.tsx';
import { ConnectionState } from './connection-state.tsx';
import { SchemeSwitch } from './scheme-switch.tsx';

const useStyles = makeStyles({
  skip: {
    position: 'absolute',
    zIndex: 10,
    top: '8px',
    left: '8px',
    padding: '6px 12px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForegroundOnBrand,
    backgroundColor: tokens.colorBrandBackground,
    ':not(:focus)': { ...HIDDEN, padding: 0 },
  },
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
    <header>
      <SkipLink />
      <div className={styles.bar}>
        <span className={styles.name}>
          <Mark size={28} />
          {texts.product}
        </span>
        <span className={styles.page}>{texts.page}</span>
        <span className={styles.rest} />
        <ConnectionState />
        <SchemeSwitch />
      </div>
      <LostBanner />
      <HealthBanners />
    </header>
  );
}

/** The first stop of the Tab key: past the tools, to the list. */
function SkipLink(): ReactElement | null {
  const styles = useStyles();
  if (useView().shown === 0) return null;
  return (
    <a href="#agents" className={styles.skip}>
      {texts.skip}
    </a>
  );
}
