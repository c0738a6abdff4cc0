/*
 * The replay viewer of a match page: owns what is inside #viewer, and the page's #step=N. All that it shows comes from
 * strangers, so it believes no type and no size in #data, makes text and never markup, and asks nothing of any network.
 */
'use strict';

const MOST = {
	steps: 50000, players: 16, side: 100, events: 100, nodes: 3000, depth: 12,
	name: 60, said: 80, words: 300, text: 20000,
};
const ICONS = {
	first: 'M4 3v10M12 3L7 8l5 5', back: 'M10 3L5 8l5 5', on: 'M6 3l5 5-5 5', last: 'M12 3v10M4 3l5 5-5 5',
	play: 'M4 3l9 5-9 5z', pause: 'M5 3v10M11 3v10',
};

/* Values of any type to those of one. */

const object = (value) => (value !== null && typeof value === 'object' ? value : {});
const list = (value, most) => (Array.isArray(value) ? value.slice(0, most) : []);
const number = (value) => (Number.isFinite(value) ? value : 0);
const cut = (text, most) => (text.length > most ? text.slice(0, most) + '\u2026' : text);
const string = (value, most) => (typeof value === 'string' ? cut(value, most) : '');
const attempt = (action, otherwise) => { try { return action(); } catch { return otherwise; } };

/* Elements. A child that is a string becomes a text node. */

function filled(node, attributes, children) {
	for (const name in attributes)
		node.setAttribute(name, attributes[name]);
	node.append(...children);
	return node;
}
const html = (name, attributes, ...children) => filled(document.createElement(name), attributes, children);
const svg = (name, attributes, ...children) =>
	filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
const path = (kind, d) => svg('path', { class: kind, d });
const tag = (player) => html('span', { class: `tag p${player + 1}` }, String(player + 1));

/* Words. */

const seconds = (us) => (us / 1e6).toFixed(us < 1e8 ? 3 : 1) + ' s';
const duration = (us) => (us < 1e6 ? (us / 1e3).toFixed(us < 1e5 ? 1 : 0) + ' ms' : seconds(us));

/* An answer is JSON text; of {"column":3} and "up" what counts is 3 and up. */
function answer(said) {
	const value = string(said, 4000) && attempt(() => JSON.parse(said.slice(0, 4000)), said);
	const inner = Object.values(object(value));
	const only = inner.length === 1 ? inner[0] : value;
	return typeof only === 'object' ? string(said, MOST.said) : cut(String(only), MOST.said);
}

/* Pretty JSON of as much of a value as a reader may want. */
function dump(value) {
	let left = MOST.nodes;
	const part = (any, depth) => {
		if (any === null || typeof any !== 'object')
			return typeof any === 'string' ? cut(any, MOST.words) : any;
		const copy = Array.isArray(any) ? [] : Object.create(null);
		for (const key in any)
			if (left-- > 0 && depth > 0)
				copy[cut(key, MOST.name)] = part(any[key], depth - 1);
			else
				return depth > 0 ? copy : '\u2026';
		return copy;
	};
	return cut(JSON.stringify(part(value, MOST.depth), null, 2), MOST.text);
}

/* The data, made sane. */

const nameOf = (player) => string(object(player).name, MOST.name);

function read() {
	const node = document.getElementById('data');
	const data = object(node && attempt(() => JSON.parse(node.textContent)));
	const clock = object(data.clock);
	const all = list(data.steps);
	const players = list(data.players, MOST.players);
	const steps = all.slice(0, MOST.steps).map(sane);
	const seats = steps.reduce((most, step) => Math.max(most, step.player + 1), players.length);
	const match = {
		steps, why: string(data.why, MOST.words), cut: number(data.cut) + all.length - steps.length,
		kind: clock.kind, bank: number(clock.bank_us), increment: number(clock.increment_us),
		names: [...Array(seats).keys()].map((i) => nameOf(players[i]) || `player ${i + 1}`),
		frames: steps.filter((step) => step.drawn),
	};
	match.scored = match.frames.some((step) => step.scores.length > 0);
	match.turns = match.names.map((_, player) => ledger(match, player));
	match.longest = match.turns.flat().reduce((most, turn) => Math.max(most, turn.used), 1);
	match.marks = marks(match);
	match.boards = match.frames.some((step) => boardOf(step.view));
	let frame = null;
	for (const step of steps) {
		step.before = frame;
		step.frame = frame = step.drawn ? step : frame;
	}
	return match;
}

function sane(any, at) {
	const step = object(any);
	const event = string(step.event, MOST.name);
	return {
		at, event, us: number(step.us), why: string(step.why, MOST.words),
		drawn: 'view' in step, view: step.view, scores: list(step.scores, MOST.players),
		player: Number.isInteger(step.player) && step.player < MOST.players ? Math.max(-1, step.player) : -1,
		said: event === 'answer' ? answer(step.said) : '', trouble: !['', 'answer', 'ready'].includes(event),
		usage: list(step.usage, 5).map((us) => Math.max(0, number(us))),
	};
}

function charge(kind, [wall, cpu = 0, delay = 0, throttled = 0, frozen = 0]) {
	const fair = Math.max(0, wall - frozen - Math.max(0, delay - throttled));
	return kind === 'cpu' ? cpu : kind === 'fair' ? fair : wall;
}

/* A player's turns with running sums. One that began before the last was told is the same turn, and replaces it. */
function ledger(match, player) {
	let last = { us: 0, total: 0, charged: 0, bank: match.bank };
	const own = match.steps.filter((step) => step.player === player && step.event !== 'ready' && step.usage[0] > 0);
	return own.map((step) => {
		const used = step.usage[0];
		const base = last.base && step.us - used < last.us ? last.base : last;
		const cost = charge(match.kind, step.usage);
		const bank = base.bank - cost + (step.event === 'answer' ? match.increment : 0);
		const [total, charged] = [base.total + used, base.charged + cost];
		return last = { at: step.at, us: step.us, base, used, total, charged, bank };
	});
}

/* Boards. */

/* Rows of characters, or null where there is no board that can be drawn. */
function boardOf(view) {
	const rows = list(object(view).board, MOST.side + 1).map((row) => Array.from(string(row, 2 * MOST.side)));
	const wide = rows.length > 0 && rows.length <= MOST.side ? rows[0].length : 0;
	return wide > 0 && wide <= MOST.side && rows.every((row) => row.length === wide) ? rows : null;
}

/* The players' characters in their order, told from what some of the frames have; none for chess. */
function marks({ frames, names }) {
	const stride = Math.ceil(frames.length / 50);
	const some = frames.filter((_, i) => i % stride === 0).map((step) => boardOf(step.view) || []);
	const all = some.flat(2).join('').toUpperCase().replace(/[. #]/g, '');
	if (/K/.test(all) && /^[KQRBNP]+$/.test(all))
		return '';
	if (/[1-9]/.test(all))
		return '123456789';
	return /^[XO]+$/.test(all) ? 'XO' : /^B*W[BW]*$/.test(all) ? 'BW' : 'ABCDEFGHIJKLMNOP'.slice(0, names.length);
}

const square = ([x, y]) => `M${x * 20 + 1} ${y * 20 + 1}h18v18h-18z`;
const disc = ([x, y]) => `M${x * 20 + 2} ${y * 20 + 10}a8 8 0 1 1 16 0a8 8 0 1 1-16 0`;
const places = (cells, wanted) =>
	cells.flatMap((row, y) => row.flatMap((character, x) => (wanted(character, x, y) ? [[x, y, character]] : [])));
const label = (kind, [x, y, text], down) => svg('text', { class: kind, x: x * 20 + 10, y: y * 20 + down }, text);

function pieces(cells, marks) {
	const groups = new Map();
	for (const place of places(cells, (character) => !'. '.includes(character))) {
		const player = marks.indexOf(place[2].toUpperCase());
		const whose = place[2] === '#' ? 'wall' : player < 0 ? 'other' : `p${player + 1}`;
		groups.set(whose, groups.get(whose) || []).get(whose).push(place);
	}
	return [...groups].map(([whose, own]) => svg('g', { class: whose },
		path('', own.map(marks[0] === 'A' || whose === 'wall' ? square : disc).join('')),
		...(whose === 'wall' ? [] : own.map((place) => label('', place, 14.5)))));
}

function chessmen(cells) {
	const glyph = (piece) => String.fromCharCode(0x265a + 'kqrbnp'.indexOf(piece.toLowerCase())) + '\ufe0e';
	return places(cells, (character) => /[kqrbnp]/i.test(character))
		.map(([x, y, piece]) => label(piece < 'a' ? 'white' : 'black', [x, y, glyph(piece)], 16));
}

/* The cells that are not as they were, unless those are many. */
function changes(cells, step) {
	const before = step.before && boardOf(step.before.view);
	const found = before ? places(cells, (character, x, y) => character !== (before[y] || [])[x]) : [];
	return found.length * 4 > cells.length * cells[0].length ? [] : found;
}

function drawBoard(step, cells, marks) {
	const [width, height] = [cells[0].length * 20, cells.length * 20];
	const chess = marks === '' && width === 160 && height === 160;
	const shade = places(cells, (_, x, y) => (x + y) % 2).map(([x, y]) => `M${x * 20} ${y * 20}h20v20h-20z`);
	const rows = cells.map((_, y) => `M0 ${y * 20}h${width}`).join('');
	const columns = cells[0].map((_, x) => `M${x * 20} 0v${height}`).join('');
	const inside = ([x, y]) => Number.isInteger(x) && Number.isInteger(y) && (cells[y] || [])[x];
	const heads = list(step.view.heads, MOST.players).filter(Array.isArray).filter(inside).map(square).join('');
	const fresh = path('fresh', changes(cells, step).map(square).join(''));
	const board = svg('svg', {
		class: chess ? 'board chess' : 'board', viewBox: `0 0 ${width} ${height}`, role: 'img',
		'aria-label': `Board of ${width / 20} by ${height / 20}; choose the picture Text to read it`,
	}, svg('rect', { class: 'ground', width, height }), ...(chess
		? [path('dark', shade.join('')), fresh, ...chessmen(cells)]
		: [path('lines', rows + columns), ...pieces(cells, marks), fresh, path('heads', heads)]));
	board.style.maxWidth = `${width / 5}rem`;
	return board;
}

/* What a step looks like. */

const textOf = (view) => string(typeof view === 'string' ? view : object(view).text, MOST.text);
const caption = (view) => string(textOf(view).trimEnd().split('\n').pop(), MOST.words);

function picture(frame, match, look) {
	if (!frame)
		return [html('p', { class: 'none' }, match.frames.length ? 'No picture yet.' : 'No pictures.')];
	const cells = look === 'board' && boardOf(frame.view);
	if (cells)
		return [drawBoard(frame, cells, match.marks), html('figcaption', {}, caption(frame.view))];
	return [html('pre', { tabindex: 0 }, look !== 'data' && textOf(frame.view) || dump(frame.view))];
}

/* Who, what, and how long that took. */
function words(step, match) {
	const what = step.trouble ? [step.event, step.why].filter(Boolean).join(': ') : step.said || step.event;
	return step.drawn ? ['picture', caption(step.view), '']
		: [match.names[step.player] || 'match', what, step.usage[0] > 0 ? ` (${duration(step.usage[0])})` : ''];
}

function eventRow(step, match, now) {
	const [who, what, time] = words(step, match);
	const text = [html('bdi', {}, who), ': ', html('code', {}, what), html('small', {}, time)];
	return html('li', { class: step.trouble ? 'trouble' : '' }, html('button',
		{ type: 'button', value: step.at + 1, tabindex: now ? 0 : -1, 'aria-current': now ? 'step' : 'false' },
		step.player < 0 ? '' : tag(step.player), ...text));
}

function clocks(match, step) {
	const none = { used: 0, total: 0, charged: 0, bank: match.bank };
	const score = (_, i) => {
		const value = (step.frame ? step.frame.scores : [])[i];
		return ['number', 'string'].includes(typeof value) ? cut(String(value), 12) : '';
	};
	const columns = Object.entries({
		Turn: (turn) => seconds(turn.used), Total: (turn) => seconds(turn.total),
		...(['cpu', 'fair'].includes(match.kind) && { Charged: (turn) => seconds(turn.charged) }),
		...(match.bank > 0 && { 'Bank left': (turn) => seconds(Math.max(0, turn.bank)) }),
		...(match.scored && { Score: score }),
	});
	const row = (name, i) => {
		const turn = match.turns[i].findLast((entry) => entry.at <= step.at) || none;
		const mark = match.boards && match.marks > 'A' ? ` ${match.marks[i] || ''}` : '';
		const who = html('th', { scope: 'row' }, tag(i), html('bdi', {}, name), html('small', {}, mark));
		return html('tr', {}, who, ...columns.map(([, value]) => html('td', { class: 'num' }, value(turn, i))));
	};
	const head = columns.map(([name]) => html('th', { scope: 'col', class: 'num' }, name));
	return [html('caption', {}, 'Clocks'), html('thead', {}, html('tr', {}, html('th', { scope: 'col' }, 'Player'),
		...head)), html('tbody', {}, ...match.names.map(row))];
}

/* The chart: a lane for each player, a bar for each turn, and a line for each trouble. */
function lane(player, match) {
	const place = (at) => ((at + 0.5) / match.steps.length * 1000).toFixed(1);
	const height = (turn) => (38 - 36 * turn.used / match.longest).toFixed(1);
	const bars = match.turns[player].map((turn) => `M${place(turn.at)} 40V${height(turn)}`);
	const troubles = match.steps.filter((step) => step.trouble && step.player === player);
	const chart = svg('svg', { viewBox: '0 0 1000 40', preserveAspectRatio: 'none', 'aria-hidden': true },
		path('trouble', troubles.map((step) => `M${place(step.at)} 0V40`).join('')),
		path(`p${player + 1}`, bars.join('')), path('mark', ''));
	chart.style.strokeWidth = Math.min(12, Math.max(1.5, 600 / match.steps.length));
	return html('div', { class: 'lane' }, tag(player), chart);
}

/* The controls. */

const icon = (name) => svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': true }, path(name, ICONS[name]));
const button = (name, title) => html('button', { type: 'button', class: name, 'aria-label': title, title }, icon(name));
const select = (options) => html('select', {}, ...options.map(([value, text]) => html('option', { value }, text)));
const block = (kind, ...children) => html('div', { class: kind }, ...children);

function build(viewer, match) {
	const count = match.steps.length;
	const bar = `Time of each turn; a full bar is ${duration(match.longest)}`;
	const parts = {
		viewer, picture: html('figure', { class: 'picture' }), clocks: html('table', { class: 'clocks' }),
		events: html('ol', { class: 'events' }), counter: html('span', { class: 'counter' }),
		status: html('p', { class: 'status', 'aria-live': 'polite' }),
		slider: html('input', { type: 'range', class: 'timeline', 'aria-label': 'Step', min: 1, max: count }),
		first: button('first', 'First (Home)'), back: button('back', 'Previous (\u2190)'),
		play: button('play', 'Play (space)'),
		on: button('on', 'Next (\u2192)'), last: button('last', 'Last (End)'),
		speed: select([[2, '2 pictures/s'], [0.5, '1 in 2 s'], [1, '1 picture/s'], [5, '5 pictures/s'],
			[20, '20 pictures/s'], ['real', 'as it was']]),
		look: select([['board', 'Board'], ['text', 'Text'], ['data', 'Data']]),
		times: html('figure', { class: 'times' }, html('figcaption', {}, bar),
			...match.names.map((_, i) => lane(i, match))),
	};
	const { first, back, play, on, last, counter } = parts;
	viewer.replaceChildren(html('h2', {}, 'Replay'), block('replay',
		block('stage', parts.picture, block('controls', first, back, play, on, last, counter), parts.slider,
			parts.status, block('choices', html('label', {}, 'Speed ', parts.speed),
				html('label', {}, 'Picture ', parts.look)),
			html('p', { class: 'hint' }, 'Keys: \u2190 \u2192 by picture, with Shift by event; Home, End, space.')),
		block('side', block('scroll', parts.clocks), html('h3', {}, 'Events'), parts.events), parts.times));
	if (match.cut > 0)
		viewer.append(html('p', { class: 'cut' }, `${match.cut} more steps are left out here.`));
	return parts;
}

/* The machine: where we are, and whether we play. */

function run(match, parts) {
	const { steps } = match;
	const count = steps.length;
	let current = 0;
	let timer = 0;
	let saving = 0;

	function showEvents() {
		const events = steps.slice(0, current).filter((step) => step.event !== '');
		const shown = events.slice(-MOST.events);
		const focused = parts.events.contains(document.activeElement);
		parts.events.replaceChildren(...shown.map((step, i) => eventRow(step, match, i === shown.length - 1)));
		if (events.length > shown.length)
			parts.events.prepend(html('li', { class: 'more' }, `${events.length - shown.length} earlier`));
		parts.events.scrollTop = parts.events.scrollHeight;
		if (focused && shown.length)
			parts.events.lastChild.firstChild.focus({ preventScroll: true });
	}

	function told(step) {
		const [who, what, time] = words(step, match);
		const end = current === count && match.why ? ` End: ${match.why}` : '';
		return `Step ${current} of ${count}, ${who}${what && ': '}${what}${time}.${end}`;
	}

	function show() {
		const step = steps[current - 1] || { at: -1, us: 0, frame: null };
		parts.picture.replaceChildren(...picture(step.frame, match, parts.look.value));
		parts.clocks.replaceChildren(...clocks(match, step));
		showEvents();
		parts.counter.textContent = `${current} / ${count} \u00b7 ${seconds(step.us)}`;
		parts.status.textContent = count ? told(step) : 'There are no steps.';
		parts.slider.value = current;
		parts.slider.setAttribute('aria-valuetext', `${current} of ${count}`);
		const place = Math.max(0, current - 0.5) / (count || 1) * 1000;
		for (const mark of parts.times.querySelectorAll('.mark'))
			mark.setAttribute('d', `M${place.toFixed(1)} 0V40`);
		parts.viewer.dataset.step = current;
	}

	/* A file:// page may have no history of its own, and browsers stop who writes to it often. */
	function save() {
		attempt(() => history.replaceState(null, '', `#step=${current}`));
	}

	function go(step) {
		current = Math.max(Math.min(1, count), Math.min(count, step));
		show();
	}

	/* The next step worth a look: a picture, or trouble. */
	function ahead(way) {
		let next = current + way;
		while (match.frames.length && steps[next - 1] && !steps[next - 1].drawn && !steps[next - 1].trouble)
			next += way;
		return next;
	}

	function delay() {
		const next = steps[Math.min(ahead(1), count) - 1];
		const real = Math.max(15, Math.min(5000, (next.us - steps[current - 1].us) / 1000));
		return parts.speed.value === 'real' ? real : 1000 / parts.speed.value;
	}

	function setPlaying(playing) {
		clearTimeout(timer);
		timer = playing && current < count ? setTimeout(() => { go(ahead(1)); setPlaying(true); }, delay()) : 0;
		parts.play.title = timer ? 'Pause (space)' : 'Play (space)';
		parts.play.setAttribute('aria-label', parts.play.title);
		parts.play.replaceChildren(icon(timer ? 'pause' : 'play'));
		parts.status.setAttribute('aria-live', timer ? 'off' : 'polite');
		clearTimeout(saving);
		if (!timer)
			saving = setTimeout(save, 200);
	}

	function toggle() {
		if (!timer && current === count)
			go(1);
		setPlaying(!timer);
	}

	function jump(step) {
		go(step);
		setPlaying(false);
	}

	function onKey(event) {
		const others = event.key === ' ' ? 'input, select, button, summary, a' : 'input, select, pre, .scroll';
		const actions = {
			ArrowLeft: () => jump(event.shiftKey ? current - 1 : ahead(-1)),
			ArrowRight: () => jump(event.shiftKey ? current + 1 : ahead(1)),
			Home: clicks.first, End: clicks.last, ' ': toggle,
		};
		const ours = Object.hasOwn(actions, event.key) && !event.target.closest(others);
		if (!ours || event.ctrlKey || event.altKey || event.metaKey)
			return;
		event.preventDefault();
		actions[event.key]();
	}

	function onChart(event) {
		const chart = event.target.closest('svg');
		const box = chart && chart.getBoundingClientRect();
		if (box)
			jump(Math.floor((event.clientX - box.left) / box.width * count) + 1);
	}

	function onEvent(event) {
		const pressed = event.target.closest('button');
		if (pressed)
			jump(Number(pressed.value));
	}

	function linked() {
		const found = /^#step=(\d{1,9})$/.exec(location.hash);
		return found && Number(found[1]);
	}

	const clicks = {
		first: () => jump(1), back: () => jump(ahead(-1)), play: toggle, on: () => jump(ahead(1)),
		last: () => jump(count), events: onEvent, times: onChart,
	};
	for (const name in clicks)
		parts[name].addEventListener('click', clicks[name]);
	parts.slider.addEventListener('input', () => jump(Number(parts.slider.value)));
	parts.look.addEventListener('change', show);
	document.addEventListener('keydown', onKey);
	addEventListener('hashchange', () => linked() && jump(linked()));
	go(linked() || (match.frames.length ? match.frames[0].at + 1 : 1));
}

const match = read();
run(match, build(document.getElementById('viewer'), match));
document.documentElement.dataset.ready = '1';
