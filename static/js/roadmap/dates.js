// The road map, part 1: days as numbers and the time axis. Dates are days, not moments: no time zone takes part.
"use strict";

window.roadmap = window.roadmap || {};

(() => {
  const DAY = 86_400_000;
  const EDGE = 14; // px left free on both sides, so that a dependency always finds a column without a bar

  /** Number of the day "2026-02-03" (0 is 1970-01-01). */
  function toDay(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    return Math.round(Date.UTC(year, month - 1, day) / DAY);
  }

  function toIso(day) {
    return new Date(day * DAY).toISOString().slice(0, 10);
  }

  const yearOf = (day) => new Date(day * DAY).getUTCFullYear();
  const dayOf = (year, month) => Math.round(Date.UTC(year, month, 1) / DAY);

  /** The whole years first … last on `width` px. */
  class Axis {
    constructor(first, last, width) {
      this.first = dayOf(first, 0);
      this.last = dayOf(last + 1, 0) - 1;
      this.years = [first, last];
      this.days = this.last - this.first + 1;
      this.width = width;
      this.perDay = (width - 2 * EDGE) / this.days;
    }

    /** Where the day begins; outside the range the nearest edge. */
    x(day) {
      return EDGE + this.perDay * Math.min(Math.max(day - this.first, 0), this.days);
    }

    end(day) {
      return this.x(day + 1);
    }

    middle(day) {
      return (this.x(day) + this.end(day)) / 2;
    }

    /** The day at a place, inside the range. */
    dayAt(x) {
      const day = this.first + Math.floor((x - EDGE) / this.perDay);
      return Math.min(Math.max(day, this.first), this.last);
    }

    holds(day) {
      return this.first <= day && day <= this.last;
    }
  }

  /** Months a tick stands for at this scale: 1, 3, 12 or a multiple of 12. */
  function stepFor(axis) {
    const year = axis.perDay * 365;
    if (year >= 900) return 1;
    if (year >= 330) return 3;
    return year >= 46 ? 12 : 60;
  }

  /** Ticks of the axis: {x, width, text, major}. */
  function ticks(axis) {
    const step = stepFor(axis);
    const found = [];
    for (let year = axis.years[0]; year <= axis.years[1]; year += step > 12 ? step / 12 : 1) {
      for (let month = 0; month < 12; month += step) {
        const begin = dayOf(year, month);
        const x = axis.x(begin);
        found.push({ x, width: axis.x(dayOf(year, month + step)) - x, text: tickText(year, month, step), major: month === 0 });
        if (step >= 12) break;
      }
    }
    return found;
  }

  function tickText(year, month, step) {
    if (step === 1) return month === 0 ? `${year}-01` : String(month + 1).padStart(2, "0");
    if (step === 3) return month === 0 ? `${year} Q1` : `Q${month / 3 + 1}`;
    return String(year);
  }

  Object.assign(window.roadmap, { EDGE, Axis, toDay, toIso, yearOf, dayOf, ticks });
})();
