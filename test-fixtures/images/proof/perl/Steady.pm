package Steady;

# What the Perl programs share. STEADY in the environment switches chance off.
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(steady chance pause plugins total title mode);

my ($name) = $0 =~ m{([^/]+)\.pl$};
my $data = "/srv/$name";

sub steady { exists $ENV{STEADY} }
sub chance { steady() ? 0 : rand shift }
sub pause { select undef, undef, undef, chance(0.05) }

sub content {
    my ($file) = @_;
    open my $handle, '<', "$data/$file" or die "$file: $!\n";
    return <$handle>;
}

# None of the entries is opened.
sub plugins { opendir my $folder, "$data/plugins" or die "$!\n"; return scalar grep { !/^\./ } readdir $folder }
sub total { my $sum = 0; $sum += $_ for content('numbers.txt'); return $sum }
sub title { my ($line) = content('title.txt'); chomp $line; return $line }
sub mode { return -e "$data/full.conf" ? 'full' : 'basic' }

1;
