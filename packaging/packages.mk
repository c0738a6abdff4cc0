# Packages: build/packages gets them, tests/packages tries them. packaging/README.md tells what is in which.

PACKAGES = $B/packages
TRACKED  = $(wildcard $(shell git -c safe.directory='*' ls-files 2>/dev/null))

deps-package:
	@packaging/deps build package

deb: deps-package $(PACKAGES)/made
$(PACKAGES)/made: $(TRACKED)
	packaging/build-deb $(PACKAGES)
	@touch $@

rpm: deps-package
	packaging/build-rpm $(PACKAGES)

# The machines take root, for systemd in them reads files of root's.
check-packages: deb
	prove --timer $(sort $(wildcard tests/packages/*.t))

.PHONY: deps-package deb rpm check-packages
