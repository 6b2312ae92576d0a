// Types of the single widget files of blessed-contrib: its own types cover only the index, which loads all widgets.
declare module 'blessed-contrib/lib/widget/charts/line.js' {
  import type { Element } from 'blessed';

  export interface LineSeries {
    readonly title: string;
    readonly x: readonly string[];
    readonly y: readonly number[];
    readonly style?: { readonly line?: string };
  }

  export interface LineOptions {
    readonly width: number;
    readonly height: number;
    readonly label?: string;
    readonly showLegend?: boolean;
    readonly legend?: { readonly width: number };
    readonly minY?: number;
    readonly maxY?: number;
    readonly numYLabels?: number;
    /** Print every nth label of x. */
    readonly showNthLabel?: number;
    readonly wholeNumbersOnly?: boolean;
    readonly xLabelPadding?: number;
    readonly xPadding?: number;
    readonly style?: { readonly line?: string; readonly text?: string; readonly baseline?: string };
  }

  /** `setData` throws a string before the chart is on a screen. */
  interface Line extends Element {
    setData(series: readonly LineSeries[]): void;
  }

  const Line: new (options: LineOptions) => Line;
  export default Line;
}

declare module 'blessed-contrib/lib/widget/charts/bar.js' {
  import type { Element } from 'blessed';

  export interface BarOptions {
    readonly width: number;
    readonly height: number;
    readonly barWidth?: number;
    readonly barSpacing?: number;
    readonly xOffset?: number;
    readonly maxHeight?: number;
    readonly showText?: boolean;
    readonly barBgColor?: string;
    readonly barFgColor?: string;
    readonly labelColor?: string;
  }

  /** `setData` throws a string before the chart is on a screen. */
  interface Bar extends Element {
    setData(bars: { readonly titles: readonly string[]; readonly data: readonly number[] }): void;
  }

  const Bar: new (options: BarOptions) => Bar;
  export default Bar;
}

declare module 'blessed-contrib/lib/widget/gauge.js' {
  import type { Element } from 'blessed';

  export interface GaugeOptions {
    readonly width: number;
    readonly height: number;
    readonly stroke?: string;
    readonly fill?: string;
    readonly showLabel?: boolean;
    readonly percent?: number;
  }

  interface Gauge extends Element {
    /** Throws a string before the gauge is on a screen; values up to 1 are read as fractions. */
    setPercent(percent: number): void;
  }

  const Gauge: new (options: GaugeOptions) => Gauge;
  export default Gauge;
}

declare module 'blessed-contrib/lib/widget/sparkline.js' {
  import type { Element } from 'blessed';

  export interface SparklineOptions {
    readonly width: number;
    readonly height: number;
    /** Must be set: titles are written as blessed tags. */
    readonly tags: true;
    readonly style?: { readonly fg?: string; readonly titleFg?: string };
  }

  interface Sparkline extends Element {
    setData(titles: readonly string[], series: readonly (readonly number[])[]): void;
  }

  const Sparkline: new (options: SparklineOptions) => Sparkline;
  export default Sparkline;
}
