/**
 * What a screen reader hears unasked: that the stream is lost or back, and how many agents a
 * filter leaves. Nothing else speaks by itself: a board of 1,000 agents would never be silent.
 */
import { makeStyles } from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { useCell, useConsole } from '../console.ts';
import { formatCount } from '../format.ts';
import { HIDDEN } from '../look/hidden.ts';
import { texts } from '../texts.ts';

const useStyles = makeStyles({ hidden: HIDDEN });

export function Announcer(): ReactElement {
  const styles = useStyles();
  const { connection, navigation, store } = useConsole();
  const lost = useCell(connection).kind === 'lost';
  const { choices } = useCell(navigation.place);
  const [words, setWords] = useState('');
  const wasLost = useRef(false);
  const firstChoices = useRef(choices);

  useEffect(() => {
    if (lost) setWords(texts.connection.announceLost);
    else if (wasLost.current) setWords(texts.connection.announceBack);
    wasLost.current = lost;
  }, [lost]);

  useEffect(() => {
    if (firstChoices.current === choices) return;
    const { shown, total } = store.view();
    setWords(texts.filters.shown(formatCount(shown), formatCount(total)));
  }, [choices, store]);

  return (
    <div role="status" className={styles.hidden}>
      {words}
    </div>
  );
}
