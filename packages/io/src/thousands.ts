/**
 * A number with its thousands apart: 1234567.8 is 1,234,567.80 with two decimals. (`toLocaleString` does the same, but
 * takes 20 ms to load the languages of the world.)
 */
export function groupThousands(value: number, decimals = 0): string {
  const [whole, ...rest] = value.toFixed(decimals).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}
