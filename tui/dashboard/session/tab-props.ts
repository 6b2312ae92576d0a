// What every tab of a session gets.

import { useLayoutEffect } from 'react';
import type { Place } from '../../bindings.ts';
import type { Rect } from '../../terminal/frame.ts';
import type { SessionPort } from '../ports.ts';

export interface TabProps {
  readonly session: SessionPort;
  /** The tab's place on the screen. */
  readonly area: Rect;
  readonly visible: boolean;
  /** False while the session is paused or over, or a question is open. */
  readonly active: boolean;
  /** Called with the place whose keys work in the tab, for the key bar. */
  readonly onPlace: (place: Place) => void;
}

/** Keeps the key bar at what works in the tab that is seen. */
export function useReportedPlace(place: Place, visible: boolean, onPlace: (place: Place) => void): void {
  useLayoutEffect(() => {
    if (visible) onPlace(place);
  }, [place, visible, onPlace]);
}
