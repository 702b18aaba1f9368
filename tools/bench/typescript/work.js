/**
 * What plugins are written in TypeScript for: JSON, regular expressions, closures. The same code in each.
 *
 * @param {string} text JSON of orders
 * @returns {string} JSON of what each customer has paid, the most first
 */
export function work(text) {
  const orders = JSON.parse(text);
  const isMail = /^[\w.+-]+@(?<host>[a-z0-9-]+\.[a-z]{2,})$/u;
  const sums = new Map();
  orders
    .filter(({ mail }) => isMail.test(mail))
    .map(({ mail, items }) => ({
      host: isMail.exec(mail).groups.host,
      total: items.reduce((sum, { price, count }) => sum + price * count, 0),
    }))
    .forEach(({ host, total }) => sums.set(host, (sums.get(host) ?? 0) + total));
  const sorted = [...sums].sort(([, a], [, b]) => b - a);
  return JSON.stringify(sorted.map(([host, total]) => ({ host, total: total.toFixed(2) })));
}
