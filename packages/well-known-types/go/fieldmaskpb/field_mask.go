package fieldmaskpb

import (
	"slices"
	"strings"
)

// From makes a mask of these paths, whatever message it is for. Go's own protobuf checks paths against a message by
// reflection, which messages of go-plugin do not have.
func From(paths ...string) *FieldMask {
	return &FieldMask{Paths: paths}
}

// Covers tells whether the mask covers a path: it has that path, or one that it begins with.
func (x *FieldMask) Covers(path string) bool {
	return slices.ContainsFunc(x.GetPaths(), func(cover string) bool { return covers(cover, path) })
}

// Normalize sorts the paths, and leaves out those that another one covers: `a.b` beside `a`.
func (x *FieldMask) Normalize() {
	x.Paths = normalized(x.Paths)
}

// Union has all that one of the masks covers, normalized.
func Union(masks ...*FieldMask) *FieldMask {
	var paths []string
	for _, mask := range masks {
		paths = append(paths, mask.GetPaths()...)
	}
	return &FieldMask{Paths: normalized(paths)}
}

// Intersect has what all of the masks cover, normalized.
func Intersect(first *FieldMask, others ...*FieldMask) *FieldMask {
	mask := &FieldMask{Paths: normalized(first.GetPaths())}
	for _, other := range others {
		var paths []string
		for _, path := range mask.GetPaths() {
			if other.Covers(path) {
				paths = append(paths, path)
			}
		}
		for _, path := range other.GetPaths() {
			if mask.Covers(path) {
				paths = append(paths, path)
			}
		}
		mask.Paths = normalized(paths)
	}
	return mask
}

func normalized(paths []string) []string {
	sorted := slices.Clone(paths)
	// By names, not by bytes: `a.b` comes right after `a`, although `-` is less than the dot.
	slices.SortFunc(sorted, func(a, b string) int {
		return slices.Compare(strings.Split(a, "."), strings.Split(b, "."))
	})
	kept := sorted[:0]
	for _, path := range sorted {
		if len(kept) == 0 || !covers(kept[len(kept)-1], path) {
			kept = append(kept, path)
		}
	}
	return kept
}

func covers(cover, path string) bool {
	return path == cover || strings.HasPrefix(path, cover+".")
}
