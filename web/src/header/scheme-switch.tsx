/** Light, dark, or like the system: three radio buttons drawn as one control. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useCell, useConsole } from '../console.ts';
import { Icon } from '../look/icons.tsx';
import type { IconName } from '../look/icons.tsx';
import { SCHEMES } from '../look/scheme.ts';
import type { Scheme } from '../look/scheme.ts';
import { texts } from '../texts.ts';

const ICONS: Readonly<Record<Scheme, IconName>> = { light: 'sun', dark: 'moon', system: 'monitor' };

const useStyles = makeStyles({
  group: {
    display: 'flex',
    gap: '2px',
    margin: 0,
    padding: '2px',
    border: 'none',
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  option: {
    position: 'relative',
    display: 'grid',
    placeItems: 'center',
    width: '32px',
    height: '28px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    ':hover': { color: tokens.colorNeutralForeground1 },
    ':has(input:focus-visible)': {
      outline: `2px solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: '0',
    },
  },
  chosen: {
    color: tokens.colorBrandForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
    '@media (forced-colors: active)': { outline: '2px solid Highlight' },
  },
  input: {
    position: 'absolute',
    inset: 0,
    width: '100%',
    height: '100%',
    margin: 0,
    opacity: 0,
    cursor: 'pointer',
  },
});

export function SchemeSwitch(): ReactElement {
  const styles = useStyles();
  const { chosen } = useConsole().scheme;
  const scheme = useCell(chosen);
  return (
    <div role="radiogroup" aria-label={texts.scheme.label} className={styles.group}>
      {SCHEMES.map((name) => (
        <label
          key={name}
          title={texts.scheme.names[name]}
          className={mergeClasses(styles.option, name === scheme && styles.chosen)}
        >
          <Icon name={ICONS[name]} size={18} />
          <input
            type="radio"
            name="scheme"
            className={styles.input}
            aria-label={texts.scheme.names[name]}
            checked={name === scheme}
            onChange={() => chosen.set(name)}
          />
        </label>
      ))}
    </div>
  );
}
