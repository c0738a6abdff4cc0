/* Owns maximum matching in a graph. Terms are those of the usual descriptions: trees, bases, blossoms. */
#include "matching.h"

struct search {
	const struct graph *graph;
	int *mate, *parent, *base, *queue;
	int *seen, *bloom, *mark;	/* as flags */
	int head, tail;
};

/* The first common base on the ways of both to the root. */
static int
common_base(const struct search *s, int a, int b)
{
	for (int i = 0; i < s->graph->count; i++)
		s->mark[i] = 0;
	for (;;) {
		a = s->base[a];
		s->mark[a] = 1;
		if (s->mate[a] < 0)
			break;
		a = s->parent[s->mate[a]];
	}
	for (;;) {
		b = s->base[b];
		if (s->mark[b])
			return b;
		b = s->parent[s->mate[b]];
	}
}

static void
mark_path(const struct search *s, int vertex, int base, int child)
{
	while (s->base[vertex] != base) {
		s->bloom[s->base[vertex]] = s->bloom[s->base[s->mate[vertex]]] = 1;
		s->parent[vertex] = child;
		child = s->mate[vertex];
		vertex = s->parent[s->mate[vertex]];
	}
}

/* An odd circle counts as one vertex from now on: its base. */
static void
contract(struct search *s, int a, int b)
{
	int base = common_base(s, a, b);

	for (int i = 0; i < s->graph->count; i++)
		s->bloom[i] = 0;
	mark_path(s, a, base, b);
	mark_path(s, b, base, a);
	for (int i = 0; i < s->graph->count; i++) {
		if (!s->bloom[s->base[i]])
			continue;
		s->base[i] = base;
		if (!s->seen[i])
			s->queue[s->tail++] = i;
		s->seen[i] = 1;
	}
}

/* Looks at what `from` may be paired with. The free vertex that was found, or -1. */
static int
grow(struct search *s, int root, int from)
{
	for (int to = s->graph->count - 1; to >= 0; to--) {
		if (!s->graph->joined(s->graph->what, from, to) || s->base[from] == s->base[to] ||
		    s->mate[from] == to)
			continue;
		if (to == root || (s->mate[to] >= 0 && s->parent[s->mate[to]] >= 0)) {
			contract(s, from, to);
		} else if (s->parent[to] < 0) {
			s->parent[to] = from;
			if (s->mate[to] < 0)
				return to;
			s->seen[s->mate[to]] = 1;
			s->queue[s->tail++] = s->mate[to];
		}
	}
	return -1;
}

static int
find_path(struct search *s, int root)
{
	for (int i = 0; i < s->graph->count; i++) {
		s->seen[i] = 0;
		s->parent[i] = -1;
		s->base[i] = i;
	}
	s->seen[root] = 1;
	s->queue[0] = root;
	s->head = 0;
	s->tail = 1;
	while (s->head < s->tail) {
		int end = grow(s, root, s->queue[s->head++]);

		if (end >= 0)
			return end;
	}
	return -1;
}

static void
flip(const struct search *s, int end)
{
	while (end >= 0) {
		int before = s->parent[end], next = s->mate[before];

		s->mate[end] = before;
		s->mate[before] = end;
		end = next;
	}
}

static void
pair_greedily(const struct graph *graph, int *mate)
{
	for (int a = 0; a < graph->count; a++)
		mate[a] = -1;
	for (int a = 0; a < graph->count; a++)
		for (int b = a + 1; b < graph->count && mate[a] < 0; b++)
			if (mate[b] < 0 && graph->joined(graph->what, a, b)) {
				mate[a] = b;
				mate[b] = a;
			}
}

void
matching_find(const struct graph *graph, int *mate, int *work)
{
	int n = graph->count;
	struct search s = { .graph = graph, .mate = mate, .parent = work, .base = work + n, .queue = work + 2 * n,
		.seen = work + 3 * n, .bloom = work + 4 * n, .mark = work + 5 * n };

	pair_greedily(graph, mate);
	for (int root = 0; root < n; root++)
		if (mate[root] < 0)
			flip(&s, find_path(&s, root));
}
