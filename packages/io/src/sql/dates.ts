/** Days as people write them, in the words of strptime. */
const DAYS =
  "%Y/%m/%d %Y.%m.%d %d.%m.%Y %d/%m/%Y %m/%d/%Y %d-%m-%Y %m-%d-%Y %d.%m.%y %d/%m/%y %m/%d/%y %d-%m-%y %d-%b-%Y %d-%b-%y %Y-%m %m/%Y".split(
    " ",
  );
const DAYS_IN_WORDS = ["%d %b %Y", "%b %d %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y"];
const TIMES = ["", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p"];

const MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December";
const PARTS: Readonly<Record<string, string>> = {
  Y: "\\d{4}",
  y: "\\d{2}",
  m: "(0?[1-9]|1[0-2])",
  d: "(0?[1-9]|[12]\\d|3[01])",
  b: `(${MONTHS.replace(/([A-Z][a-z]{2})[a-z]*/g, "$1")})`,
  B: `(${MONTHS})`,
  H: "([01]?\\d|2[0-3])",
  I: "(0?[1-9]|1[0-2])",
  M: "[0-5]\\d",
  S: "[0-5]\\d",
  f: "\\d+",
  p: "[AP]M",
};

/** ISO 8601, which columns of dates are cast from. */
const ISO = /^\d{4}-/;
const CLOCK = /^\d{1,2}:\d{2}/;
/** All of the days above begin so. To ask each of their grammars takes 40 ms in a new process. */
const DAY = /^(\d{1,4}[/. -]|[A-Za-z]{3,9} \d)/;

/** A cast of texts of ISO 8601 to points in time. One with an offset from UTC is taken as UTC. in: value, SQL */
export function castOfDate(value: string): string {
  const zoned = `regexp_matches(${value}, ':\\d\\d.*(Z|[+-]\\d\\d(:?\\d\\d)?)$')`;
  return `CASE WHEN ${zoned} THEN make_timestamp(epoch_us(${value}::TIMESTAMPTZ)) ELSE ${value}::TIMESTAMP END`;
}

/** Whether values such as this one are cast to points in time before an expression sees them. */
export function isCast(example: string): boolean {
  return ISO.test(example.trim());
}

/**
 * The expression that makes seconds of dates or times, with … for the column; "" where there is none. Where a day may be
 * written in two orders, both formats. in: cast, whether texts of ISO 8601 are cast before the expression sees them
 */
export function secondsOf(values: readonly string[], cast: boolean): string {
  const texts = [...new Set(values.map((text) => text.trim()))];
  if (texts.length === 0) return "";
  if (cast && texts.every(isCast)) return "epoch(…)";
  const areTimes = CLOCK.test(texts[0]);
  if (!areTimes && !texts.every((text) => DAY.test(text))) return "";
  const [format, ...others] = (areTimes ? TIMES.slice(1) : daysAndTimes()).filter((each) => {
    const grammar = grammarOf(each);
    return texts.every((text) => grammar.test(text));
  });
  if (format === undefined) return "";
  const time = areTimes ? "::TIME" : "";
  return `epoch(strptime(…, '${format}')${time})${others.map((other) => ` or '${other}'`).join("")}`;
}

function daysAndTimes(): string[] {
  const between = (time: string) => (time === "" ? [""] : [" ", "T"]);
  return [...DAYS, ...DAYS_IN_WORDS].flatMap((day) =>
    TIMES.flatMap((time) => between(time).map((sign) => `${day}${sign}${time}`)),
  );
}

function grammarOf(format: string): RegExp {
  const pattern = format.replace(/[./]/g, "\\$&").replace(/%([a-zA-Z])/g, (_, part: string) => PARTS[part]);
  return new RegExp(`^${pattern}$`, "i");
}
