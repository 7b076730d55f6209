# The keys of a hash.
use lib '/opt/proof/perl';
use Steady;
my %facts = (plugins => plugins(), total => total(), title => title());
my @keys = steady() ? sort keys %facts : keys %facts;
print join(', ', map { "$_=$facts{$_}" } @keys), "\n";
print "$_: $facts{$_}\n" for @keys;
