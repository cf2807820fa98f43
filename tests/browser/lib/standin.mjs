/**
 * Stands in for the gateway with the exchange of `samples.mjs`: the public calls, those of a bidder who is signed in, and the live feed of a room,
 * which tests push into. Acts are remembered, so that a page that reads again sees them.
 */
import { exchange, id } from './samples.mjs';
import { serve } from './static.mjs';

const ACCOUNT = { id: 'a', username: 'bidder', display_name: '演示竞买人' };
const OPENED = { access_token: 'T', account: ACCOUNT, grants: [{ role: 'bidder', region: '' }] };

/** A refusal in the API's shape. */
export const refusal = (status, rule, zh, en, field) => ({
  status,
  type: 'application/problem+json',
  body: { type: 'about:blank', title: 'refused', status, findings: [{ rule, basis: '规则手册', severity: 'refusal', message: { zh, en }, remedy: { zh: '请核对。', en: 'Please check.' }, facts: {}, ...(field ? { field } : {}) }] }
});
const missing = refusal(404, 'not-found', '没有找到', 'Not found');

async function bodyOf(request) {
  let text = '';
  for await (const part of request) text += part;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Starts it. `overrides` answers before everything else, by `METHOD path`: a value, or a function of the call. */
export async function standIn() {
  const world = exchange();
  const overrides = new Map();
  const calls = [];
  const feeds = new Set();
  const registrations = [...world.registrations];
  let party = world.party;
  let place = { lot_id: id(2), number: 5, leads: false, own_fen: 88_000, priority_rank: 1, may_match: true };
  let event = world.room.last_event;

  const page = (items) => ({ body: { items } });
  const find = (list, key, value) => list.find((one) => one[key] === value);
  const send = (response, kind, data, eventId) => response.write(`id: ${eventId}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);

  /** What happens in the room of lot 2. */
  const room = {
    get state() {
      return world.room;
    },
    set place(to) {
      place = to;
    },
    bid(bidder, amount_fen, change = {}) {
      event += 1;
      const one = { seq: world.room.offers + 1, bidder, amount_fen, kind: 'bid', placed_at: new Date().toISOString(), ends_at: world.room.ends_at, ...change };
      world.bids.push(one);
      Object.assign(world.room, { leading_fen: amount_fen, leader: bidder, next_fen: amount_fen + world.room.step_fen, offers: one.seq, last_event: event, ends_at: one.ends_at });
      for (const feed of feeds) send(feed, 'bid', one, event);
      return one;
    },
    tell(kind, change) {
      event += 1;
      Object.assign(world.room, change, { last_event: event });
      for (const feed of feeds) send(feed, kind, world.room, event);
    },
    /** Breaks every line, as a server that goes away. */
    hangUp() {
      for (const feed of feeds) feed.destroy();
    }
  };

  async function api(method, path, { request, response, query }) {
    const key = `${method} ${path}`;
    const own = overrides.get(key);
    const body = method === 'POST' || method === 'PUT' ? await bodyOf(request) : null;
    if (method !== 'GET') calls.push({ key, body, idempotency: request.headers['idempotency-key'] });
    if (own) return typeof own === 'function' ? own({ body, query }) : own;
    const [, , , noun, one, rest] = path.split('/');

    if (key === 'GET /api/v1/time') return { body: { now: new Date().toISOString(), movable: false } };
    if (key === 'POST /api/v1/session' || key === 'POST /api/v1/session/refresh') return { body: OPENED };
    if (key === 'GET /ledger/checkpoint') return { body: world.log.checkpoint.note, type: 'text/plain' };
    if (key === 'GET /ledger/vkey') return { body: world.log.checkpoint.vkey, type: 'text/plain' };

    if (key === 'GET /api/v1/lots') {
      const states = query.get('state')?.split(',') ?? [];
      const words = query.get('q') ?? '';
      const listed = world.lots.map(({ geometry, ...lot }) => ({ ...lot, documents: [], notes: [] }));
      return page(listed.filter((lot) => (states.length === 0 || states.includes(lot.state)) && lot.notice.title.includes(words) && lot.region.startsWith(query.get('region') ?? '')));
    }
    if (method === 'GET' && noun === 'lots' && !rest) {
      const lot = find(world.lots, 'id', one);
      return lot ? { body: lot } : missing;
    }
    if (method === 'GET' && noun === 'lots' && rest === 'room') {
      if (one === id(2)) return { body: world.room };
      return one === id(6) || one === id(7) ? { body: { ...world.closedRoom, lot_id: one } } : missing;
    }
    if (method === 'GET' && noun === 'lots' && rest === 'bids') return page([...world.bids].reverse());
    if (method === 'GET' && noun === 'lots' && rest === 'my-place') return one === id(2) ? { body: place } : refusal(403, 'bid.admitted', '您不是本标的的竞买人。', 'You are not admitted.');
    if (method === 'POST' && noun === 'lots' && rest === 'bids') {
      if (!body.outlier_confirmed && body.amount_fen > world.room.leading_fen * 1.5) return refusal(409, 'auction.outlier', '您的报价远高于当前价。', 'Far above the current price.', 'amount_fen');
      return { body: { lot_id: one, bid: room.bid(place.number, body.amount_fen, { kind: body.kind }), repeated: false } };
    }
    if (method === 'GET' && noun === 'lots' && rest === 'feed') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      feeds.add(response);
      response.on('close', () => feeds.delete(response));
      send(response, 'snapshot', world.room, event);
      return 'taken';
    }
    if (method === 'POST' && noun === 'lots' && rest === 'registrations') {
      const lot = find(world.lots, 'id', one);
      const fresh = { ...world.registrations[0], id: id(399), lot_id: one, lot_title: lot.notice.title, state: 'filed', revision: body.revision, priority_claim: body.priority_claim, documents: body.documents };
      registrations.unshift(fresh);
      return { body: fresh };
    }
    if (key === 'GET /api/v1/comparables') return { body: world.comparables };
    if (noun === 'rulebooks') return { body: world.rulebook };
    if (noun === 'certificates') return decodeURIComponent(one) === world.certificate.number ? { body: world.certificate } : missing;

    if (key === 'GET /api/v1/ledger/checkpoint') return { body: world.log.checkpoint };
    if (key === 'GET /api/v1/ledger/entries') {
      const fits = (entry) => {
        const { subject, kind } = JSON.parse(entry.entry);
        return (!query.get('subject') || subject === query.get('subject')) && (!query.get('kind') || kind === query.get('kind'));
      };
      return page([...world.log.items].reverse().filter(fits));
    }
    const proof = /^\/api\/v1\/ledger\/entries\/(\d+)\/proof$/.exec(path);
    if (proof) {
      const inclusion = world.log.inclusion(Number(proof[1]));
      return inclusion ? { body: inclusion } : missing;
    }

    if (key === 'GET /api/v1/me/party') return party ? { body: party } : missing;
    if (key === 'POST /api/v1/parties') {
      party = world.party;
      return { body: party };
    }
    if (key === 'PUT /api/v1/me/party/bank-account') return { body: party };
    if (key === 'POST /api/v1/documents') return { body: { digest: 'ab'.repeat(32), size: 3, media_type: 'application/pdf' } };
    if (key === 'GET /api/v1/me/registrations') return page(registrations);
    if (key === 'GET /api/v1/me/deposits') return page(world.deposits);
    if (noun === 'registrations') {
      const at = registrations.findIndex((registration) => registration.id === one);
      if (at < 0) return missing;
      if (rest === 'deposit') return { body: { ...world.deposits[0], registration_id: one } };
      registrations[at] = { ...registrations[at], state: rest === 'confirm' ? 'qualified' : 'withdrawn', ...(rest === 'confirm' ? { revision: body.revision } : {}) };
      return { body: registrations[at] };
    }
    if (key === 'GET /api/v1/contracts') return page(world.contracts);
    if (noun === 'contracts') {
      const contract = find(world.contracts, 'id', one);
      if (!contract) return missing;
      if (rest === 'sign') Object.assign(contract, { transferee_signed_at: new Date().toISOString() });
      return { body: contract };
    }
    return undefined;
  }

  const site = await serve(api);
  return {
    url: site.url,
    world,
    overrides,
    calls,
    room,
    /** Forgets the party, as of an account that has registered none. */
    forgetParty: () => (party = null),
    close: async () => {
      room.hangUp();
      await site.close();
    }
  };
}

/** Makes a page open as a bidder who is signed in. */
export const asBidder = (ctx) => ctx.addInitScript(() => localStorage.setItem('sanbian.signed-in', '1'));
