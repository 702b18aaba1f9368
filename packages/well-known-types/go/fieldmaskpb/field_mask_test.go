package fieldmaskpb

import (
	"slices"
	"testing"
)

func expect(t *testing.T, mask *FieldMask, paths ...string) {
	t.Helper()
	if !slices.Equal(mask.Paths, paths) {
		t.Errorf("got %q, want %q", mask.Paths, paths)
	}
}

func TestMaskCoversItsPathsAndWhatIsBelow(t *testing.T) {
	mask := From("author", "title.text")
	for path, want := range map[string]bool{
		"author": true, "author.name": true, "authors": false, "title": false, "title.text": true, "": false,
	} {
		if got := mask.Covers(path); got != want {
			t.Errorf("Covers(%q) is %v", path, got)
		}
	}
	if (*FieldMask)(nil).Covers("a") {
		t.Error("no mask covers a")
	}
}

func TestMaskIsNormalizedUnitedAndIntersected(t *testing.T) {
	mask := From("b", "a.b", "a", "b", "a-c", "a.c.d")
	given := mask.Paths
	expect(t, Union(mask, nil), "a", "a-c", "b")
	expect(t, &FieldMask{Paths: given}, "b", "a.b", "a", "b", "a-c", "a.c.d")
	mask.Normalize()
	expect(t, mask, "a", "a-c", "b")
	expect(t, Intersect(From("a", "b.c"), From("b", "a.x", "d")), "a.x", "b.c")
	expect(t, Intersect(From("b", "a", "b.c")), "a", "b")
	expect(t, Intersect(From("a"), nil))
}

func TestMaskIsWrittenAndRead(t *testing.T) {
	bytes, err := From("a", "b.c").MarshalVT()
	if err != nil {
		t.Fatal(err)
	}
	var back FieldMask
	if err := back.UnmarshalVT(bytes); err != nil {
		t.Fatal(err)
	}
	expect(t, &back, "a", "b.c")
}
