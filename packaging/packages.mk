# Packages: build/packages gets them, tests/packages tries them. packaging/README.md tells what is in which.

PACKAGES = $B/packages
TRACKED  = $(wildcard $(shell git -c safe.directory='*' ls-files 2>/dev/null))

deps-package:
	@packaging/deps build package

deb: deps-package $(PACKAGES)/made
$(PACKAGES)/made: $(TRACKED)
	packaging/build-deb $(PACKAGES)
	@touch $@

rpm: deps-package $(PACKAGES)/made-rpm
$(PACKAGES)/made-rpm: $(TRACKED)
	packaging/build-rpm $(PACKAGES)
	@touch $@

# The machines take root, for systemd in them reads files of root's.
check-packages: deb
	tests/twice tests/packages/deb.t tests/packages/machine.t
check-rpm: deb rpm
	prove tests/packages/rpm.t

.PHONY: deps-package deb rpm check-packages check-rpm
