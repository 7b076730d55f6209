/** With separators: 65,213 */
export function formatCount(number: number): string {
  return number.toLocaleString('en');
}
