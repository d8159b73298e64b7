/** Find, filter, order, group: the viewer's choices, which live in the address. */
import { makeStyles, SearchBox, Select, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useCell, useConsole, useView } from '../console.ts';
import { ORDERS, STEPS } from '../data/view.ts';
import type { Choices, Step } from '../data/view.ts';
import { formatCount } from '../format.ts';
import { Icon } from '../look/icons.tsx';
import { StepIcon } from '../presence/step-mark.tsx';
import { texts } from '../texts.ts';
import { Chip } from './chip.tsx';

/** Two lines: find and order, then the chips. */
const COMPACT = '@container board (max-width: 939px)';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalS,
  },
  search: {
    flex: '1 1 160px',
    minWidth: '140px',
    maxWidth: '340px',
    [COMPACT]: { maxWidth: 'none' },
  },
  order: { flex: '0 0 auto', marginInlineStart: 'auto' },
  chips: {
    display: 'flex',
    gap: tokens.spacingHorizontalSNudge,
    padding: '2px',
    margin: '-2px',
    minWidth: 0,
    overflowX: 'auto',
    scrollbarWidth: 'none',
    [COMPACT]: { flex: '1 0 100%', order: 1 },
  },
});

export function Toolbar(): ReactElement {
  const styles = useStyles();
  const { navigation } = useConsole();
  const { choices } = useCell(navigation.place);
  const change = (part: Partial<Choices>): void => navigation.choose({ ...choices, ...part });
  return (
    <div className={styles.bar}>
      <SearchBox
        className={styles.search}
        aria-label={texts.filters.search}
        placeholder={texts.filters.searchHint}
        contentBefore={<Icon name="search" size={18} />}
        value={choices.text}
        onChange={(_, data) => change({ text: data.value })}
        dismiss={{ children: <Icon name="close" size={16} /> }}
      />
      <StepChips choices={choices} onChange={change} />
      <Select
        className={styles.order}
        aria-label={texts.filters.order}
        value={choices.order}
        onChange={(_, data) =>
          change({ order: ORDERS.find((name) => name === data.value) ?? 'attention' })
        }
        icon={<Icon name="order" size={16} />}
      >
        {ORDERS.map((order) => (
          <option key={order} value={order}>
            {texts.filters.orders[order]}
          </option>
        ))}
      </Select>
    </div>
  );
}

function StepChips(props: {
  readonly choices: Choices;
  readonly onChange: (part: Partial<Choices>) => void;
}): ReactElement {
  const styles = useStyles();
  const { matching } = useView();
  const { steps, byTeam } = props.choices;
  const sum = STEPS.reduce((total, step) => total + matching[step], 0);
  const toggle = (step: Step): void => {
    const next = steps.includes(step) ? steps.filter((other) => other !== step) : [...steps, step];
    props.onChange({ steps: STEPS.filter((name) => next.includes(name)) });
  };
  return (
    <div role="group" aria-label={texts.filters.steps} className={styles.chips}>
      <Chip
        pressed={steps.length === 0}
        label={texts.filters.all}
        count={formatCount(sum)}
        onClick={() => props.onChange({ steps: [] })}
      />
      {STEPS.map((step) => (
        <Chip
          key={step}
          pressed={steps.includes(step)}
          label={texts.steps[step]}
          count={formatCount(matching[step])}
          note={texts.stepMeanings[step]}
          icon={<StepIcon step={step} />}
          onClick={() => toggle(step)}
        />
      ))}
      <Chip
        pressed={byTeam}
        label={texts.filters.byTeam}
        note={texts.filters.byTeamNote}
        icon={<Icon name="group" size={16} />}
        onClick={() => props.onChange({ byTeam: !byTeam })}
      />
    </div>
  );
}
